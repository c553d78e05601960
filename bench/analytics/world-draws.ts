import type pg from 'pg'

export type World = {
  workspaceId: string
  /** Posts without comments; those come on top. */
  posts: number
  /** Ids begin after this one: several worlds live in one database. */
  firstId: number
  /** The world's present: nothing of it is later. ISO 8601, UTC. */
  until: string
}

/** Two sessions, for two processors. */
export type Pair = readonly [pg.Client, pg.Client]

export const days = 365
export const sources = 1_000
export const authors = 5_000
/** Of X, YouTube and Reddit, hours after publication. */
export const ages = [0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 18, 24].concat([
  36, 48, 72, 96, 120, 168, 240, 336, 504, 720,
])
/** A stream is looked at every quarter of an hour, so many times. */
export const streamLooks = 21

/**
 * Draws that depend on nothing but the number of the post and of the question: the same world every
 * time, whatever order it is written in, and any part of it can be worked out again.
 */
const draws = [
  `create function bench_draw(n bigint, question int) returns float8 language sql immutable parallel safe
     as $$ select (hashint8extended(n, question) & 1048575) / 1048576.0::float8 $$`,
  `create function bench_normal(n bigint, question int) returns float8 language sql immutable
     parallel safe as $$ select 1.7320508 * (bench_draw(n, question) + bench_draw(n, question + 1)
       + bench_draw(n, question + 2) + bench_draw(n, question + 3) - 2) $$`,
  // The share of its last numbers that a post has at an age in hours.
  `create function bench_grown(age_h float8) returns float8 language sql immutable parallel safe
     as $$ select 1 - exp(-power(greatest(least(age_h, 720), 0.01) / 20, 0.6)) $$`,
]

export async function makeDraws(client: pg.Client): Promise<void> {
  for (const statement of draws) await client.query(statement)
}

/** Without its secondary indexes a table is filled several times as fast; they are made again afterwards. */
export async function withoutIndexes(
  client: pg.Client,
  tables: readonly string[],
  fill: () => Promise<void>,
): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i where i.indrelid = any ($1::regclass[]) and not i.indisunique`,
    [tables],
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
  await fill()
  for (const { definition } of rows) await client.query(definition)
}
