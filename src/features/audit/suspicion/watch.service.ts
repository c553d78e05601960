import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import { queueMail } from '../../mail/index.ts'
import {
  findAdmins,
  findSignals,
  findToldPatterns,
  holdWatch,
  moveWatch,
  type ToldPattern,
} from './suspicion.queries.ts'
import { findIncidents, type Incident, windowMs } from './suspicion.rules.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'log' | 'origin'>

const hourMs = 3_600_000
/** After a longer absence of the workers only so much is looked at again. */
const mostMs = 24 * hourMs
const stepMs = 5 * 60_000
/** A row is stamped before its transaction ends: it may come so much later. */
const settleMs = 10_000
const mostTold = 20

/**
 * Looks through what was written down since the last look, writes each incident down once an hour,
 * and mails the administrators what there is to know. Run twice, or by two at once, it says it once.
 */
export const watchAudit = (ctx: Needs): Promise<{ incidents: number; told: number }> =>
  ctx.em.transactional(async (inner) => {
    const needs = { ...ctx, em: inner as EntityManager }
    const now = ctx.clock.now()
    const since = await holdWatch(needs.em, before(now, stepMs))
    if (since >= now) return { incidents: 0, told: 0 }
    let incidents = 0
    for (const moment of momentsOf(since, now)) incidents += await lookAt(needs, moment)
    const told = await tellAdmins(needs, before(since, settleMs), before(now, settleMs))
    await moveWatch(needs.em, now)
    return { incidents, told }
  })

const before = (moment: Date, ms: number) => new Date(moment.getTime() - ms)

/** Where to look from: each step is shorter than the window, so that nothing falls between two. */
function* momentsOf(since: Date, now: Date): Generator<Date> {
  const first = Math.max(since.getTime(), now.getTime() - mostMs)
  for (let at = first + stepMs; at < now.getTime(); at += stepMs) yield new Date(at)
  yield now
}

async function lookAt(needs: Needs, moment: Date): Promise<number> {
  const found = findIncidents(await findSignals(needs.em, before(moment, windowMs), moment))
  if (found.length === 0) return 0
  const told = await findToldPatterns(needs.em, before(moment, hourMs), needs.clock.now())
  const fresh = found.filter((incident) => !told.some((one) => isSame(one, incident)))
  for (const incident of fresh) await write(needs, incident)
  return fresh.length
}

const isSame = ({ details, user_id, ip }: ToldPattern, incident: Incident) =>
  details.rule === incident.rule && user_id === incident.userId && ip === incident.ip

async function write(needs: Needs, { rule, pattern, userId, ip, counts }: Incident) {
  needs.log.warn({ rule, userId, ...counts }, `suspicious: ${pattern}`)
  await recordAudit(
    { ...needs, origin: { ...needs.origin, ip } },
    {
      action: 'suspicious.pattern',
      workspaceId: null,
      ...(userId && { object: { kind: 'user', id: userId } }),
      details: { rule, pattern, ...counts },
    },
  )
}

/** One mail an administrator, whatever was found: also what was noticed at the moment itself. */
async function tellAdmins(needs: Needs, from: Date, to: Date): Promise<number> {
  const found = await findToldPatterns(needs.em, from, to)
  if (found.length === 0) return 0
  const patterns = found.slice(0, mostTold).map(inWords)
  const data = { at: to.toISOString(), patterns, more: found.length - patterns.length }
  for (const { id, email, display_name: name } of await findAdmins(needs.em)) {
    const mail = {
      userId: id,
      to: email,
      template: 'security_alert',
      data: { name, ...data },
    } as const
    await queueMail(needs, mail)
  }
  return found.length
}

/** Ids and counts: who it is, the audit log says to whoever may read it. */
function inWords({ details, user_id }: ToldPattern): string {
  const counts = Object.entries(details).flatMap(([name, value]) =>
    typeof value === 'number' ? [`${value} ${name}`] : [],
  )
  const about = [...(user_id ? [`account ${user_id}`] : []), ...counts]
  return `${details.pattern ?? 'unknown pattern'}${about.length > 0 ? ` (${about.join(', ')})` : ''}`
}
