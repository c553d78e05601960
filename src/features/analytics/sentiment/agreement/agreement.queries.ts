import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../../database/sql.ts'
import { person } from '../../../sentiment/index.ts'
import type { TextSample } from '../sample.ts'
import { isMeant, type MoodScope } from '../texts.ts'

export type AgreementRow = {
  model: string
  month: string
  label: string
  model_label: string
  n: string
}

const ofScope = ({ platform, source, texts }: MoodScope) => [
  isMeant(texts, sql`s.kind`),
  ...(platform ? [sql`s.platform = ${platform}`] : []),
  ...(source ? [sql`s.source_id = ${source}::bigint`] : []),
]

/** Labels of a time of labelling by model and month, against what the model said of the same text. */
export function countLabels(
  em: EntityManager,
  scope: MoodScope,
  zone: string,
): Promise<AgreementRow[]> {
  const conditions = [
    sql`l.labelled_at >= ${scope.from}::timestamptz`,
    sql`l.labelled_at < ${scope.to}::timestamptz`,
    sql`l.model is not null`,
    ...ofScope(scope),
  ]
  return rows(
    em,
    sql<AgreementRow>`select l.model, to_char(l.labelled_at at time zone ${zone}, 'YYYY-MM') as month,
        l.label, l.model_label, count(*) as n
      from sentiment_labels l join sentiments s on s.post_id = l.post_id
      where ${sql.join(conditions, sql` and `)} group by 1, 2, 3, 4`,
  )
}

export type Correction = { label: string; model_label: string | null; n: string }

/** What people changed among the texts published in a period: label by label. */
export function countCorrections(em: EntityManager, scope: MoodScope): Promise<Correction[]> {
  const conditions = [
    sql`s.published_at >= ${scope.from}::timestamptz`,
    sql`s.published_at < ${scope.to}::timestamptz`,
    ...ofScope(scope),
  ]
  return rows(
    em,
    sql<Correction>`select l.label, l.model_label, count(*) as n
      from sentiment_labels l join sentiments s on s.post_id = l.post_id
      where ${sql.join(conditions, sql` and `)} group by 1, 2`,
  )
}

/** The models behind a sample of texts, by name. */
export async function modelsOf(em: EntityManager, { select }: TextSample): Promise<string[]> {
  const found = await rows(
    em,
    sql<{ model: string }>`select distinct m.model
      from (select post_id from (${select}) s limit 500) t join sentiments m using (post_id)
      where m.model <> ${person} order by 1`,
  )
  return found.map(({ model }) => model)
}

/** Changes with every label: sums do not tell that a label which equals the mood is there. */
export async function labelVersion(em: EntityManager): Promise<string> {
  const row = await firstRow(
    em,
    sql<{ version: string }>`select concat_ws('.', count(*), max(labelled_at),
      count(model_label)) as version from sentiment_labels`,
  )
  return row?.version ?? ''
}
