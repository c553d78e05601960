import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'
import type { Scores } from './engine/index.ts'
import { identifyText, type TextIdentity } from './text-identity.ts'

type CacheRow = Scores & { text_md5: string; text_length: number; text_sha256: string }

/**
 * Cached scores of texts under one model. Two texts can share an MD5 (anybody can make such a pair):
 * a row whose length or SHA-256 differs is another text's and does not count.
 */
export async function findCachedScores(
  em: EntityManager,
  model: string,
  texts: readonly string[],
): Promise<Map<string, Scores>> {
  const identities = new Map(texts.map((text) => [text, identifyText(text)]))
  const found = await rows<CacheRow>(
    em,
    sql<CacheRow>`select text_md5, text_length, text_sha256, negative, neutral, positive, compound
      from sentiment_cache where model = ${model}
        and text_md5 = any (${[...identities.values()].map(({ md5 }) => md5)}::text[])`,
  )
  const byMd5 = new Map(found.map((row) => [row.text_md5, row]))
  const scores = new Map<string, Scores>()
  for (const [text, identity] of identities) {
    const row = byMd5.get(identity.md5)
    if (row && isSameText(row, identity)) scores.set(text, scoresOf(row))
  }
  return scores
}

const isSameText = (row: CacheRow, { length, sha256 }: TextIdentity) =>
  row.text_length === length && row.text_sha256 === sha256

const scoresOf = ({ negative, neutral, positive, compound }: CacheRow): Scores => ({
  negative,
  neutral,
  positive,
  compound,
})

/** Keeps new scores. The first text under an MD5 stays: a second one is computed each time. */
export async function cacheScores(
  em: EntityManager,
  model: string,
  scores: ReadonlyMap<string, Scores>,
  now: Date,
): Promise<void> {
  if (scores.size === 0) return
  const input = [...scores]
    .map(([text, score]) => ({ ...identifyText(text), ...score }))
    .toSorted((a, b) => (a.md5 < b.md5 ? -1 : 1))
  await rows(
    em,
    sql`insert into sentiment_cache (model, text_md5, text_length, text_sha256, negative, neutral,
        positive, compound, created_at)
      select ${model}, md5, length, sha256, negative, neutral, positive, compound, ${now}::timestamptz
      from json_to_recordset(${JSON.stringify(input)}::json) as x(md5 text, length integer,
        sha256 text, negative real, neutral real, positive real, compound real)
      on conflict (model, text_md5) do nothing`,
  )
}
