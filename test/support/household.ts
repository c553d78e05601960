import { type Sandbox, startSandbox } from '../../sandbox/index.ts'
import { type Answer, type SignedIn, startTestApp, type TestApp } from './app.ts'
import { collectedBy } from './collected.ts'
import { countRows } from './dumps.ts'
import { faultsOf } from './problems.ts'
import { addProfile, type PlatformName, platformNames } from './stage.ts'

/** A person with a profile of every platform, a source and a job; and what is somebody else's. */
export type Household = {
  sandbox: Sandbox
  app: TestApp
  person: SignedIn
  profileIds: Record<PlatformName, string>
  sourceId: string
  jobId: string
  /** Ids of another person's things, by the resource's name in the path. */
  foreign: Record<string, string>
  close: () => Promise<void>
}

export async function openHousehold(): Promise<Household> {
  await using opened = new AsyncDisposableStack()
  const at = new Date('2026-11-20T12:00:00Z')
  const clock = { now: () => new Date(at) }
  const sandbox = await startSandbox({ now: at, epoch: at })
  opened.defer(sandbox.close)
  const variables = { PLATFORM_URL: sandbox.url, PLATFORM_TIMEOUT_MS: '2000' }
  const app = await startTestApp({ variables, clock })
  opened.defer(app.close)
  const person = await app.signIn()
  const other = await app.signIn()
  const profileIds = { twitch: '', twitter: '', youtube: '', reddit: '' }
  for (const platform of platformNames) {
    profileIds[platform] = await addProfile(person, platform, 'mine')
  }
  const [listed] = await sandbox.world.sources('twitch')
  const mine = await watched(person, profileIds.twitch, listed?.handle ?? '')
  const theirProfile = await addProfile(other, 'twitch', 'theirs')
  const theirs = await watched(other, theirProfile, listed?.handle ?? '')
  const collected = await collectedBy(app, other)
  const posts = await collected.post(theirs.sourceId)
  await collected.close()
  const foreign = {
    profiles: theirProfile,
    sources: theirs.sourceId,
    jobs: theirs.jobId,
    posts,
  }
  const held = opened.move()
  return { sandbox, app, person, profileIds, ...mine, foreign, close: () => held.disposeAsync() }
}

async function watched(owner: SignedIn, profileId: string, handle: string) {
  const body = { profileId, handles: [handle], watch: {} }
  const answer = await owner.call('POST', '/api/sources', body)
  const { results } = answer.body as { results: { source: { id: string }; jobId: string }[] }
  return { sourceId: results[0]?.source.id ?? '', jobId: results[0]?.jobId ?? '' }
}

/** What a refused request may leave: its calls and itself counted, and the secret that it opened noted. */
const countsOnly = ['public.budget_windows', 'public.rate_limits', 'public.audit_log']

/** Compares the number of rows of every table before and after, but for those in `except`. */
export async function expectNothingWritten(
  { app }: Pick<Household, 'app'>,
  work: () => Promise<void>,
  except: string[] = [],
): Promise<void> {
  const before = await countRows(app.ownerUrl)
  await work()
  const after = await countRows(app.ownerUrl)
  for (const name of [...countsOnly, ...except]) {
    delete after[name]
    delete before[name]
  }
  expect(after).toEqual(before)
}

export const refused = (answer: Answer, statuses: number[], pointer?: string) =>
  expect(faultsOf(answer, statuses, pointer)).toEqual([])
