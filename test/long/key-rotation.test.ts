import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { type KeysStage, openKeysStage } from '../support/keys-stage.ts'
import { type Random, seededRandom } from '../support/random.ts'
import {
  addProfiles,
  type Load,
  type LoadedProfile,
  secretOf,
  startLoad,
} from '../support/rotation-load.ts'
import { until } from '../support/until.ts'

const people = 60
const profilesEach = 10
const seed = 'JBSWY3DPEHPK3PXP'

let stage: KeysStage
let profiles: LoadedProfile[]
let random: Random
/** Counts as the application may, on a connection that is open already. */
let counter: pg.Client

beforeAll(async () => {
  random = seededRandom()
  stage = await openKeysStage()
  profiles = await addProfiles(stage, people, profilesEach)
  await stage.addSecondFactor(seed)
  counter = new pg.Client({ connectionString: stage.app.ownerUrl })
  await counter.connect()
  await counter.query('set role earshot_app')
}, 300_000)
afterAll(async () => {
  await counter?.end()
  await stage?.close()
})

/** How many profiles are sealed by each key. */
async function counts(): Promise<Map<string, number>> {
  const { rows } = await counter.query('select key_id, profiles from credential_key_ids()')
  return new Map(rows.map(({ key_id, profiles: of }) => [key_id, Number(of)]))
}

const kills = 10
const mostLives = 40

/** One life of `keys rotate`, ended by kill -9 when so many rows stand on its key; gives how many did. */
async function rotateAndDie(args: string[], key: () => string | null, at: number): Promise<number> {
  const command = stage.startKeys('rotate', ...args)
  let ended = false
  void command.end.then(() => {
    ended = true
  })
  const moved = async () => (await counts()).get(key() ?? '') ?? 0
  await until('the moment to kill', async () => ended || (await moved()) >= at, { everyMs: 1 })
  await new Promise((resolve) => setTimeout(resolve, random.between(0, 10)))
  command.kill()
  await command.end
  return moved()
}

type Walk = { ends: string[]; forwards: boolean; reached: number }

/** Lives that end at random points, turned round whenever much is moved; where each one ended. */
async function killAgainAndAgain(oldKey: string, newKey: () => string | null): Promise<string[]> {
  const walk: Walk = { ends: [], forwards: true, reached: 0 }
  for (let life = 0; walk.ends.length < kills; life += 1) {
    if (life === mostLives) throw new Error(`Only ${walk.ends.length} kills were in the middle`)
    await liveOnce(walk, life === 0, walk.forwards ? newKey : () => oldKey)
  }
  return walk.ends
}

async function liveOnce(walk: Walk, first: boolean, to: () => string | null): Promise<void> {
  const all = profiles.length
  const at = walk.reached + Math.round((random.between(5, 25) / 100) * all)
  const reached = await rotateAndDie(first ? ['--new'] : ['--to', to() ?? ''], to, at)
  if (reached > 0 && reached < all) walk.ends.push(`${walk.forwards ? '>' : '<'}${reached}`)
  const isTurn = reached >= all * 0.7
  walk.forwards = walk.forwards !== isTurn
  walk.reached = isTurn ? all - reached : reached
}

/** Every profile opens to what was put into it last; nothing was changed but its wrapping. */
async function everythingOpens(): Promise<void> {
  for (const profile of profiles) expect(profile.secrets).toContain(await secretOf(stage, profile))
}

const told = ({ opened, verified, written, failures }: Load) =>
  `${opened} opened, ${verified} verified, ${written} written, ${failures.length} failed`

test('SEC-17: rotation under load, killed 10 times, turned round in the middle: nothing fails, nothing is left', async () => {
  const oldKey = stage.app.parts.keyring.currentId
  let newKey: string | null = null
  const findNewKey = () => {
    newKey ??= stage.app.parts.keyring.ids.find((id) => id !== oldKey) ?? null
    return newKey
  }
  const load = startLoad(stage, profiles, random)
  const ends = await killAgainAndAgain(oldKey, findNewKey)
  // Two at once do the rest together.
  const last = () => stage.keys('rotate', '--to', newKey ?? '', '--json')
  const both = await Promise.all([last(), last()])
  await load.stop()
  process.stdout.write(
    `rotation: SEED=${random.seed}, killed at ${ends.join(' ')} of ${profiles.length}; ${told(load)}\n`,
  )
  expect(load.failures).toEqual([])
  expect(both.map(({ code, err }) => ({ code, err }))).toEqual([
    { code: 0, err: '' },
    { code: 0, err: '' },
  ])
  expect(both.map(({ out }) => JSON.parse(out).left)).toEqual([0, 0])
  expect(ends).toHaveLength(kills)
  // Both ways were gone.
  expect(new Set(ends.map(([way]) => way))).toEqual(new Set(['>', '<']))
  expect([...(await counts()).keys()]).toEqual([newKey])
  expect(load.opened).toBeGreaterThan(500)
  expect(load.written).toBeGreaterThan(50)
  await everythingOpens()
  const [factor] = await stage.ask('select key_id from second_factors')
  expect(factor?.key_id).toBe(newKey)

  const retired = await stage.keys('retire', oldKey)
  expect(retired.code).toBe(0)
  const deep = await stage.keys('check', '--deep')
  expect(deep.out).toContain(`${profiles.length} credential profiles and 1 second factor opened`)
  expect(deep.code).toBe(0)
}, 600_000)
