import type { Config } from '../../config/config.ts'
import { platforms } from '../../platforms/index.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const what = 'platforms'

/** Keys are tried by verifying a profile: this looks only at where calls would go. */
export async function checkPlatforms({
  platforms: settings,
  production,
}: Config): Promise<Finding> {
  const { baseUrl } = settings
  if (!baseUrl) {
    const names = Object.values(platforms).map(({ name }) => name)
    return ok(what, `${names.join(', ')} themselves`)
  }
  try {
    await fetch(baseUrl, { signal: AbortSignal.timeout(3_000) })
  } catch {
    const advice = 'Start it with `npm run sandbox`, or leave PLATFORM_URL out.'
    return fail(what, `nothing answers at ${baseUrl}`, advice)
  }
  if (!production) return ok(what, `the sandbox at ${baseUrl}`)
  const advice = 'Leave PLATFORM_URL out to collect from the real platforms.'
  return warn(what, `in production, but all calls go to ${baseUrl}`, advice)
}
