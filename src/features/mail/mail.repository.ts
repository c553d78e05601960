import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from '../../core/clock.ts'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { MailData, MailTemplate } from './mail-templates.ts'

export type NewMail<Template extends MailTemplate> = {
  /** null: nobody's yet (an invitation). Deleting the person deletes the mail. */
  userId: string | null
  to: string
  template: Template
  data: MailData[Template]
}

type Needs = { em: EntityManager; clock: Clock }

/** Writes a mail in the caller's transaction; a worker sends it, and tries again until it is out. */
export const queueMail = <Template extends MailTemplate>(
  { em, clock }: Needs,
  { userId, to, template, data }: NewMail<Template>,
) =>
  rows(
    em,
    sql`insert into mails (user_id, recipient, template, data, created_at, next_try_at)
      values (${userId}::bigint, ${to}, ${template}, ${JSON.stringify(data)}::jsonb,
        ${clock.now()}::timestamptz, ${clock.now()}::timestamptz)`,
  )

export type DueMail = {
  id: string
  userId: string | null
  to: string
  template: MailTemplate
  data: unknown
  createdAt: Date
  /** This one included. */
  tries: number
}

type DueRow = Omit<DueMail, 'userId' | 'to' | 'createdAt'> & {
  user_id: string | null
  recipient: string
  created_at: Date
}

/**
 * Takes the mail that has waited longest, for `leaseMs`: whoever is killed with it in hand leaves a
 * mail that is due again by then.
 */
export async function takeDueMail({ em, clock }: Needs, leaseMs: number): Promise<DueMail | null> {
  const now = clock.now()
  const row = await firstRow(
    em,
    sql<DueRow>`
      update mails set tries = tries + 1, next_try_at = ${new Date(now.getTime() + leaseMs)}
      where id = (select id from mails
        where sent_at is null and given_up_at is null and next_try_at <= ${now}
        order by next_try_at, id limit 1 for update skip locked)
      returning id, user_id, recipient, template, data, created_at, tries`,
  )
  if (!row) return null
  const { user_id: userId, recipient: to, created_at: createdAt, ...rest } = row
  return { ...rest, userId, to, createdAt }
}

/** Mails after which nothing of the person may stay. */
const leavesNothing: readonly MailTemplate[] = ['account_deleted']

/** The row stays a while to answer "did it go out?"; what stood in the mail does not. */
export const markSent = ({ em, clock }: Needs, { id, template }: DueMail) =>
  leavesNothing.includes(template)
    ? rows(em, sql`delete from mails where id = ${id}`)
    : rows(
        em,
        sql`update mails set sent_at = ${clock.now()}, last_error = null, data = '{}'
          where id = ${id} and sent_at is null`,
      )

/** `reason` in our own words; null: nobody waits for this mail any more. */
export const giveUp = ({ em, clock }: Needs, { id, template }: DueMail, reason: string | null) =>
  leavesNothing.includes(template)
    ? rows(em, sql`delete from mails where id = ${id}`)
    : rows(
        em,
        sql`update mails set given_up_at = ${clock.now()}, last_error = ${reason}, data = '{}'
          where id = ${id} and sent_at is null`,
      )

export const tryLater = (em: EntityManager, { id }: DueMail, nextTryAt: Date, reason: string) =>
  rows(
    em,
    sql`update mails set next_try_at = ${nextTryAt}, last_error = ${reason}
      where id = ${id} and sent_at is null and given_up_at is null`,
  )

const keptDays = 30

/** Forgets whom we wrote to, a month after. */
export const purgeMails = ({ em, clock }: Needs) =>
  rows(
    em,
    sql`delete from mails where coalesce(sent_at, given_up_at)
      < ${clock.now()}::timestamptz - make_interval(days => ${keptDays})`,
  )
