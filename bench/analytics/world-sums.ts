import type pg from 'pg'
import type { World } from './world-draws.ts'

/** Rollups by the product's own recount and fold: no statement of ours says what is summed. */
export async function countRollups(client: pg.Client, { workspaceId }: World): Promise<void> {
  await client.query('begin isolation level repeatable read')
  await client.query('select recount_rollups($1)', [workspaceId])
  await client.query('commit')
  const fold = 'select fold_rollups($1, 100000) as folded'
  for (;;) {
    const { rows } = await client.query(fold, [workspaceId])
    if (Number(rows[0].folded) === 0) return
  }
}

const tagHours = `
  insert into tag_hours (workspace_id, tag, at, platform, posts, authors)
  select $1, t.tag, date_bin('1 hour', t.published_at, timestamptz '2000-01-01 00:00:00+00'),
    p.platform, count(*), count(distinct p.author_id)
  from post_tags t join posts p on p.id = t.post_id where t.workspace_id = $1 group by 2, 3, 4`

const tagDays = `
  insert into tag_days (workspace_id, tag, at, platform, posts)
  select $1, tag, date_bin('1 day', at, timestamptz '2000-01-01 00:00:00+00'), platform, sum(posts)
  from tag_hours where workspace_id = $1 group by 2, 3, 4`

const tagTotals = `
  insert into tag_totals (workspace_id, platform, tag, posts)
  select $1, coalesce(platform, ''), tag, sum(posts) from tag_days where workspace_id = $1
  group by grouping sets ((tag, platform), (tag))`

const tagCounters = `insert into tag_counters values ($1, gen_random_uuid(), $2)`

/** What counting hour by hour comes to, in one go. */
export async function countTagUses(client: pg.Client, world: World): Promise<void> {
  for (const statement of [tagHours, tagDays, tagTotals]) {
    await client.query(statement, [world.workspaceId])
  }
  await client.query(tagCounters, [world.workspaceId, world.until])
}
