import type { EntityManager } from '@mikro-orm/postgresql'
import { type AuditEvent, recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { rows, sql } from '../../database/sql.ts'
import { deleteMember } from './members.repository.ts'
import { removeWorkspace } from './workspace-end.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

type Held = {
  id: string
  name: string
  kind: 'personal' | 'team' | 'community'
  role: string
  members: number
  owners: number
}

/** Locked in the order of their ids, so that two people who go at once do not wait in a circle. */
async function lockHeld(em: EntityManager, userId: string): Promise<Held[]> {
  await rows(
    em,
    sql`select from workspaces w where id in
      (select workspace_id from memberships where user_id = ${userId}) order by id for no key update`,
  )
  return rows(
    em,
    sql<Held>`
      select w.id, w.name, w.kind, mine.role, count(*)::int as members,
        count(*) filter (where m.role = 'owner')::int as owners
      from memberships mine
        join workspaces w on w.id = mine.workspace_id
        join memberships m on m.workspace_id = w.id
      where mine.user_id = ${userId} group by w.id, mine.role order by w.id`,
  )
}

/**
 * A person's account ends: what is theirs alone is deleted with all in it, other workspaces go on
 * without them. In the caller's transaction, before the user's row. Gives the ids of those that ended.
 * Throws `conflict` where others would be left without an owner.
 */
export async function closeAccountWorkspaces(ctx: Needs, userId: string): Promise<string[]> {
  const held = await lockHeld(ctx.em, userId)
  const orphaned = held.filter(
    ({ kind, role, members, owners }) =>
      kind !== 'personal' && role === 'owner' && owners === 1 && members > 1,
  )
  if (orphaned.length > 0) {
    const names = orphaned.map(({ name }) => `'${name}'`).join(', ')
    const message = `Others work in ${names}, of which you are the only owner: make one of them owner, or delete it first.`
    throw new AppError('conflict', message)
  }
  const isTheirs = ({ role, kind, members }: Held) =>
    role === 'owner' && (kind === 'personal' || members === 1)
  const endings: AuditEvent[] = []
  const ended = held.filter(isTheirs).map(({ id }) => id)
  for (const id of ended) endings.push(await removeWorkspace(ctx, id))
  for (const one of held.filter((each) => !isTheirs(each))) await leave(ctx, one, userId)
  for (const ending of endings) await recordAudit(ctx, ending)
  return ended
}

async function leave(ctx: Needs, { id, role }: Held, userId: string): Promise<void> {
  await deleteMember(ctx.em, { workspaceId: id, userId, now: ctx.clock.now() })
  const object = { kind: 'user', id: userId }
  const event = { action: 'member.removed', workspaceId: id, object } as const
  await recordAudit(ctx, { ...event, details: { role, left: true, with: 'account' } })
}
