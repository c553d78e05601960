import type { XDialect } from '../../../sandbox/sandbox.options.ts'
import type { PlatformId } from '../../../src/platforms/index.ts'
import { driveAdapter } from './drive-adapters.ts'
import type { Description, Exchange } from './exchange.ts'
import { lossesOf, recordedBodies } from './recorded-bodies.ts'
import { misreadings, recordedRefusals } from './recorded-refusals.ts'
import type { Refuse } from './recording-proxy.ts'
import { redditDescription } from './reddit.description.ts'
import { twitchDescription } from './twitch.description.ts'
import { strictly, xDescription } from './x.description.ts'
import { youtubeDescription } from './youtube.description.ts'

export type SpecRow = {
  name: string
  platform: PlatformId
  requests: number
  responses: number
  /** Requests beyond the description, which the platform refused and which were then asked anew. */
  probes: number
  bodies: number
  refusals: number
  violations: string[]
}

type Subject = {
  name: string
  platform: PlatformId
  xDialect: XDialect
  describe: () => Description
  /** The platform as strict as its description. */
  strictly?: (description: Description) => Refuse
}

const subjects: Subject[] = [
  { name: 'Twitch', platform: 'twitch', xDialect: 'tweet', describe: twitchDescription },
  {
    name: 'X, 2.166',
    platform: 'twitter',
    xDialect: 'tweet',
    describe: () => xDescription('tweet'),
  },
  {
    name: 'X, 2.167',
    platform: 'twitter',
    xDialect: 'post',
    describe: () => xDescription('post'),
    strictly,
  },
  { name: 'YouTube', platform: 'youtube', xDialect: 'tweet', describe: youtubeDescription },
  { name: 'Reddit', platform: 'reddit', xDialect: 'tweet', describe: redditDescription },
]

/** Drives every adapter against the sandbox, and reads every recorded body. */
export async function checkSpecs(): Promise<SpecRow[]> {
  const rows: SpecRow[] = []
  for (const { name, platform, xDialect, describe, strictly } of subjects) {
    const description = describe()
    const refuse = strictly?.(description)
    const { exchanges, failure } = await driveAdapter(platform, {
      xDialect,
      ...(refuse && { refuse }),
    })
    const counts = checkExchanges(exchanges, description)
    if (failure) counts.violations.push(failure)
    rows.push({ name, platform, ...counts, bodies: 0, refusals: 0 })
  }
  const rowOf = (platform: PlatformId) => rows.find((row) => row.platform === platform)
  for (const recorded of recordedBodies()) {
    const row = rowOf(recorded.platform)
    if (!row) continue
    row.bodies += 1
    row.violations.push(...lossesOf(recorded).map((loss) => `${recorded.name}: ${loss}`))
  }
  for (const refusal of recordedRefusals()) {
    const row = rowOf(refusal.platform)
    if (!row) continue
    row.refusals += 1
    row.violations.push(...(await misreadings(refusal)).map((one) => `${refusal.name}: ${one}`))
  }
  return rows
}

type Counts = Pick<SpecRow, 'requests' | 'responses' | 'probes' | 'violations'>

function checkExchanges(exchanges: Exchange[], description: Description): Counts {
  const counts: Counts = { requests: 0, responses: 0, probes: 0, violations: [] }
  const seen = new Set<string>()
  for (const exchange of exchanges) {
    const request = description.request(exchange)
    const isProbe = request.length > 0 && exchange.status === 400 && namesFields(exchange)
    if (isProbe) counts.probes += 1
    counts.requests += 1
    counts.responses += 1
    const where = `${exchange.method} ${exchange.url.pathname.replace(/\d{4,}/g, ':id').replace(/\/r\/[^/]+/, '/r/:names')}`
    const faults = [
      ...(isProbe ? [] : request.map((fault) => `${where}, request: ${fault}`)),
      ...description
        .response(exchange)
        .map((fault) => `${where}, answer ${exchange.status}: ${fault}`),
    ]
    // A fault of every item of every page is one fault.
    for (const fault of faults) {
      const key = fault.replace(/\/\d+/g, '/#')
      if (!seen.has(key)) counts.violations.push(fault)
      seen.add(key)
    }
  }
  return counts
}

/** X's words changed: which ones it takes is found out by asking, and it says which it does not. */
const namesFields = ({ answer }: Exchange): boolean => {
  const { errors } = (answer ?? {}) as { errors?: { parameters?: object }[] }
  const names = (errors ?? []).flatMap(({ parameters }) => Object.keys(parameters ?? {}))
  return names.length > 0 && names.every((name) => /^(tweet|post)\.fields$|^expansions$/.test(name))
}
