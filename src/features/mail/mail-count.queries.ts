import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../database/sql.ts'
import type { MailTemplate } from './mail-templates.ts'

type Counted = { to: string; template: MailTemplate; since: Date }

/** How many mails of one kind were written to one address, sent or not. */
export async function countMails(em: EntityManager, { to, template, since }: Counted) {
  const row = await firstRow(
    em,
    sql<{ count: number }>`
      select count(*)::int as count from mails
      where recipient = ${to} and template = ${template} and created_at > ${since}`,
  )
  return row?.count ?? 0
}
