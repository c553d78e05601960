import { describe, expect, test } from '@jest/globals'
import { isNothing } from '../support/drain.ts'
import { type Random, seededRandom } from '../support/random.ts'
import { queueStores, type StoreName } from '../support/redis.ts'
import { openStage, type Stage } from '../support/stage.ts'
import { countRows, differences, dumpTables } from '../support/tables.ts'
import { until } from '../support/until.ts'

const start = Date.parse('2026-11-10T12:00:00Z')
/** A day and an hour apart: numbers of sources are due again, and hours were missed. */
const roundMs = 25 * 3_600_000
const mostRounds = 12
const sourcesPerPlatform = 20

const roundAt = (round: number) => new Date(start + round * roundMs)

/** One life of the worker, to its end or to a moment of chance in the middle of its work. */
async function liveAndDie(stage: Stage, random: Random): Promise<'killed' | 'drained'> {
  const worker = stage.startWorker()
  const calls = stage.calls() + random.between(1, 12)
  const inScoring = random.chance(0.2)
  const delayMs = random.between(0, inScoring ? 400 : 60)
  const isTime = async () => {
    if (worker.hasEnded()) throw new Error(`The worker died by itself:\n${worker.log()}`)
    if (!inScoring) return stage.calls() >= calls
    const { jobs, texts } = await stage.pending()
    return texts > 0 && (jobs === 0 || stage.calls() >= calls + 20)
  }
  let drained = false
  await until(
    'the moment to kill',
    async () => {
      if (await isTime()) return true
      drained = await stage.isDrained()
      return drained
    },
    { everyMs: 3, withinMs: 90_000 },
  )
  const killAt = performance.now() + delayMs
  if (!drained) await until('the moment', () => performance.now() >= killAt, { everyMs: 1 })
  await worker.kill('SIGKILL')
  if (drained) return 'drained'
  return isNothing(await stage.pending()) ? 'drained' : 'killed'
}

/** Work to the end without a disturbance. */
async function finish(stage: Stage): Promise<void> {
  const worker = stage.startWorker()
  try {
    await until(
      'all is done',
      () => {
        if (worker.hasEnded()) throw new Error(`The worker died by itself:\n${worker.log()}`)
        return stage.isDrained()
      },
      { withinMs: 120_000, everyMs: 100 },
    )
  } catch (error) {
    const tail = worker.log().slice(-4_000)
    throw new Error(
      `${(error as Error).message}\n${JSON.stringify(await stage.pending())}\n${tail}`,
    )
  } finally {
    await worker.kill()
  }
}

/** Rounds of collection, killed again and again; the last one is left alone. */
async function crashedRounds(stage: Stage, kills: number, random: Random) {
  let done = 0
  let round = 0
  for (; done < kills; round += 1) {
    if (round >= mostRounds) throw new Error(`Only ${done} kills hit work in ${round} rounds`)
    stage.moveTo(roundAt(round))
    while (done < kills && (await liveAndDie(stage, random)) === 'killed') {
      done += 1
      stage.sandbox.control.resetLimits()
    }
    await finish(stage)
  }
  stage.moveTo(roundAt(round))
  await finish(stage)
  return round + 1
}

const killsOf: Record<StoreName, number> = { postgres: 50, redis: 15 }

/**
 * How far an answer of X or Reddit reaches depends on which other sources the same run asked about:
 * after a kill fewer of them are left, and the cursor stays further back. It is compared by what it
 * does: the last round, which is left alone, must bring the same posts and no other.
 */
const sharesReach = (source: unknown) => /^(twitter|reddit)\//.test(String(source))
const withoutReach = (table: string, row: { [column: string]: unknown }) =>
  table === 'monitoring_jobs' && sharesReach(row.source)
    ? { ...row, cursor: row.cursor === null ? null : 'somewhere' }
    : row

describe.each(queueStores())('kill -9 at random points, queue on %s', (store) => {
  test('the tables end equal to those of a clean run', async () => {
    const random = seededRandom()
    process.stdout.write(`crash points on ${store}: SEED=${random.seed}\n`)
    const options = { store, start: roundAt(0), sourcesPerPlatform }
    const crashed = await openStage(options)
    const clean = await openStage(options)
    try {
      const kills = killsOf[store]
      const rounds = await crashedRounds(crashed, kills, random)
      for (let round = 0; round < rounds; round += 1) {
        clean.moveTo(roundAt(round))
        await finish(clean)
      }
      const expected = await dumpTables(clean.client)
      const found = await dumpTables(crashed.client)
      const sizes = [...expected].map(([name, rows]) => `${name} ${rows.length}`).join(', ')
      process.stdout.write(
        `${store}: ${kills} kills in ${rounds} rounds, ${crashed.calls()} calls (clean ${clean.calls()}), ` +
          `${countRows(expected)} rows compared: ${sizes}\n`,
      )
      expect(expected.get('posts')?.length).toBeGreaterThan(500)
      expect(differences(expected, found, withoutReach)).toEqual([])
    } finally {
      await crashed.close()
      await clean.close()
    }
  })
})
