import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { queueSchema } from '../../src/database/migrate.ts'
import { queueStores, type StoreName } from '../support/redis.ts'
import { asOwner } from '../support/servers.ts'
import { openStage, type Stage } from '../support/stage.ts'
import { countRows, type Dump, differences, dumpTables } from '../support/tables.ts'
import { until } from '../support/until.ts'
import type { WorkerProcess } from '../support/worker-process.ts'

const start = new Date('2026-11-10T12:00:00Z')
/** What is promised. */
const backWithinMs = 60_000
const sourcesPerPlatform = 15

type Loss = (stage: Stage) => Promise<void>

const truncateSchema: Loss = ({ app }) =>
  asOwner(app.ownerUrl, async (client) => {
    const { rows } = await client.query(
      `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
        where schemaname = $1`,
      [queueSchema],
    )
    expect(rows.length).toBeGreaterThan(3)
    await client.query(`truncate ${rows.map(({ name }) => name).join(', ')} cascade`)
  })

const flushRedis: Loss = async ({ redis }) => redis?.flush()
const crashRedis: Loss = async ({ redis }) => redis?.crash?.()

/** The keys that say what repeats, and nothing else: a tick that stands ready is left where it is. */
const loseSchedulers: Loss = async ({ app, redis }) => {
  if (redis) await redis.client.del(...(await redis.client.keys('earshot:*:repeat*')))
  else await asOwner(app.ownerUrl, (owner) => owner.query(`delete from ${queueSchema}.scheduler`))
}

/** Every task, the ticks too; what repeats and what was taken for a double is still known. */
const loseTasks: Loss = async ({ app, redis }) => {
  if (redis) {
    const keys = await redis.client.keys('earshot:*')
    await redis.client.del(...keys.filter((key) => !/:(repeat|de|meta|id)(:|$)/.test(key)))
  } else await asOwner(app.ownerUrl, (owner) => owner.query(`delete from ${queueSchema}.job`))
}

const losses: Record<StoreName, [name: string, lose: Loss][]> = {
  postgres: [
    ['every table of the queue is truncated', truncateSchema],
    ['the schedulers alone are lost', loseSchedulers],
    ['the tasks alone are lost', loseTasks],
  ],
  redis: [
    ['FLUSHALL', flushRedis],
    ['the schedulers alone are lost', loseSchedulers],
    ['the tasks alone are lost', loseTasks],
    ['Redis is killed and comes back empty', crashRedis],
  ],
}

/** The clean run is the same on either store: `crash-points` compares it with itself on both. */
let expected: Dump

beforeAll(async () => {
  const stage = await openStage({ store: 'postgres', start, sourcesPerPlatform })
  try {
    const worker = stage.startWorker()
    await finished(stage, worker, 120_000)
    expected = await dumpTables(stage.client)
  } finally {
    await stage.close()
  }
})

const finished = (stage: Stage, worker: WorkerProcess, withinMs: number) =>
  until(
    'everything is collected and scored',
    () => {
      if (worker.hasEnded()) throw new Error(`The workers ended by themselves:\n${worker.log()}`)
      return stage.isDrained()
    },
    { withinMs, everyMs: 100 },
  ).catch(async (error: Error) => {
    const pending = JSON.stringify(await stage.pending())
    throw new Error(`${error.message}\n${pending}\n${worker.log().slice(-4_000)}`)
  })

describe.each(queueStores())('queue on %s', (store) => {
  const stages: Stage[] = []
  afterAll(async () => {
    for (const stage of stages) await stage.close()
  })

  test.each(losses[store])(
    '%s in the middle: nothing lost, nothing doubled',
    async (name, lose) => {
      const stage = await openStage({ store, start, sourcesPerPlatform })
      stages.push(stage)
      if (lose === crashRedis && !stage.redis?.crash) {
        process.stdout.write('Redis is not ours alone: it is not killed\n')
        return
      }
      const worker = stage.startWorker()
      await until('the collection is in its middle', () => stage.calls() >= 60, { everyMs: 5 })
      const before = await stage.pending()
      await lose(stage)
      expect(before.jobs).toBeGreaterThan(0)
      const backMs = await finished(stage, worker, backWithinMs)

      const found = await dumpTables(stage.client)
      expect(differences(expected, found)).toEqual([])

      // A process that starts afterwards finds its way, and those that run go on beside it.
      const another = stage.startWorker()
      await another.ready()
      await another.kill()

      // Work that comes up afterwards is found too: the ticks themselves are back.
      await stage.client.query(
        `update monitoring_jobs set next_run_at = $1::timestamptz - interval '1 minute'
        where source_id in (select id from sources order by id limit 3)`,
        [start],
      )
      const tickMs = await finished(stage, worker, backWithinMs)
      process.stdout.write(
        `${store}, ${name}: done ${(backMs / 1_000).toFixed(1)} s after it, new work in ` +
          `${(tickMs / 1_000).toFixed(1)} s, ${countRows(found)} rows compared\n`,
      )
    },
  )
})
