import type pg from 'pg'
import { days, makeDraws, type Pair, type World, withoutIndexes } from './world-draws.ts'
import { addPeople } from './world-people.ts'
import { addPosts } from './world-posts.ts'
import { addSamples, addSumsOfSamples } from './world-samples.ts'
import { countRollups, countTagUses } from './world-sums.ts'
import { shapeThreads } from './world-threads.ts'

export type { World } from './world-draws.ts'

/** A throw-away server may forget everything at a crash; what reading costs is as shipped. */
export const fillingSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '3GB',
  checkpoint_timeout: '1h',
  autovacuum: 'off',
}

const inSession = [
  'set session_replication_role = replica',
  `set maintenance_work_mem = '256MB'`,
  `set work_mem = '128MB'`,
]

/**
 * A year of a workspace with so many posts and 21 looks at each, by set-based SQL around the triggers;
 * the sums of posts are then counted by the product itself.
 */
export async function fillWorlds(
  clients: Pair,
  worlds: readonly World[],
  say: (line: string) => void,
): Promise<void> {
  const started = performance.now()
  const told = (line: string) =>
    say(`${Math.round((performance.now() - started) / 1_000)} s: ${line}`)
  const [client, other] = clients
  for (const statement of inSession) {
    await Promise.all([client.query(statement), other.query(statement)])
  }
  const first = `($1::timestamptz - interval '${days} days')::date`
  await client.query(`select ensure_sample_partitions(${first}, 15)`, [worlds[0]?.until])
  await makeDraws(client)
  for (const world of worlds) await addPeople(client, world)
  await withoutIndexes(client, ['posts', 'sentiments', 'post_tags'], async () => {
    for (const world of worlds) await addPosts(clients, world)
  })
  await client.query('analyze posts, sentiments, post_tags')
  told('posts, tags and moods')
  await Promise.all([followPosts(client, worlds, told), sumPosts(other, worlds, told)])
  await moveSequences(client)
  await client.query('vacuum (analyze, freeze)')
  await Promise.all([client.query('reset all'), other.query('reset all')])
  told('vacuum and analyze')
}

type Told = (line: string) => void

async function followPosts(client: pg.Client, worlds: readonly World[], told: Told) {
  await withoutIndexes(client, ['post_milestones'], async () => {
    for (const world of worlds) {
      await addSamples(client, world)
      told(`samples of ${world.posts} posts`)
      await addSumsOfSamples(client, world)
    }
  })
  told('milestones and streams')
}

async function sumPosts(client: pg.Client, worlds: readonly World[], told: Told) {
  for (const world of worlds) await countRollups(client, world)
  told('rollups')
  await withoutIndexes(client, ['tag_hours', 'tag_days', 'thread_shapes'], async () => {
    for (const world of worlds) {
      await shapeThreads(client, world)
      await countTagUses(client, world)
    }
  })
  told('threads and counts of tags')
}

/** Ids were given by us: whatever is written afterwards comes behind them. */
async function moveSequences(client: pg.Client): Promise<void> {
  for (const table of [
    'credential_profiles',
    'sources',
    'authors',
    'posts',
    'monitoring_jobs',
    'job_executions',
  ]) {
    await client.query(
      `select setval(pg_get_serial_sequence($1, 'id'), (select max(id) from ${table}))`,
      [table],
    )
  }
}
