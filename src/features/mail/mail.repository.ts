import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from '../../core/clock.ts'
import { rows, sql } from '../../database/sql.ts'
import type { MailData, MailTemplate } from './mail-templates.ts'

export type NewMail<Template extends MailTemplate> = {
  /** null: nobody's yet (an invitation). Deleting the person deletes the mail. */
  userId: string | null
  to: string
  template: Template
  data: MailData[Template]
}

/** Writes a mail in the caller's transaction; a worker sends it, and tries again until it is out. */
export const queueMail = <Template extends MailTemplate>(
  { em, clock }: { em: EntityManager; clock: Clock },
  { userId, to, template, data }: NewMail<Template>,
) =>
  rows(
    em,
    sql`insert into mails (user_id, recipient, template, data, created_at, next_try_at)
      values (${userId}::bigint, ${to}, ${template}, ${JSON.stringify(data)}::jsonb,
        ${clock.now()}::timestamptz, ${clock.now()}::timestamptz)`,
  )
