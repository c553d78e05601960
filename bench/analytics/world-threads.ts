import type pg from 'pg'
import { cascadeShape, type Reply } from '../../src/statistics/cascade.ts'
import { bestChains } from '../../src/statistics/chains.ts'
import type { World } from './world-draws.ts'

type Comment = Reply & { thread: string; rootAtS: number }

const selectComments = `
  select c.external_id as id, nullif(c.reply_to, c.thread_id) as parent, c.author_id as author,
    extract(epoch from c.published_at)::float8 as "atS", c.engagement::float8 as engagement,
    r.id as thread, extract(epoch from r.published_at)::float8 as "rootAtS"
  from posts c join posts r on r.source_id = c.source_id and r.external_id = c.thread_id
  where c.workspace_id = $1 and c.kind = 'comment' order by r.id, c.published_at, c.id`

const insertShapes = `
  insert into thread_shapes (post_id, workspace_id, source_id, platform, published_at, size, depth,
    breadth, virality, engagement, chains, half_s, authors, orphans, cycles, missing, computed_at)
  select p.id, p.workspace_id, p.source_id, p.platform, p.published_at, x.size, x.depth, x.breadth,
    x.virality, x.chains[1], x.chains, round(x."halfS"), x.authors, x.orphans, x.cycles,
    greatest(0, coalesce(p.comments, 0) - x.size + 1), $2
  from json_to_recordset($1::json) x (thread bigint, size int, depth int, breadth int,
    virality float8, chains bigint[], "halfS" float8, authors int, orphans int, cycles int)
  join posts p on p.id = x.thread`

/** The shape of every thread, by the statistics that the product keeps shapes with. */
export async function shapeThreads(client: pg.Client, world: World): Promise<void> {
  const { rows } = await client.query<Comment>(selectComments, [world.workspaceId])
  const shapes = [...Map.groupBy(rows, ({ thread }) => thread)].map(([thread, replies]) => ({
    ...cascadeShape(replies, replies[0]?.rootAtS ?? 0),
    chains: bestChains(replies),
    thread,
  }))
  await client.query(insertShapes, [JSON.stringify(shapes), world.until])
}
