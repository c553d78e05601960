import { readText } from '../bounded-body.ts'
import { errorOfFailure } from '../call-failure.ts'
import type { CallSite } from '../call-site.ts'
import type { HttpAnswer } from '../http-answer.ts'
import type { PlatformTools } from '../platform.ts'

export type Answer = HttpAnswer & { text: string }

/** `endpoint` without its query: that is what errors may name. */
export const siteOf = (endpoint: string): CallSite => ({
  platform: 'twitch',
  name: 'Twitch',
  what: endpoint,
})

/** The sandbox has Twitch's two hosts on one origin; their paths do not collide. */
export const helixUrl = (baseUrl: string | null) => `${baseUrl ?? 'https://api.twitch.tv'}/helix`
export const oauthUrl = (baseUrl: string | null) => `${baseUrl ?? 'https://id.twitch.tv'}/oauth2`

/** One request, one answer: no retry, no redirect (it would carry the token elsewhere), a time limit. */
export async function send(
  endpoint: string,
  url: string,
  init: RequestInit,
  tools: Pick<PlatformTools, 'signal' | 'timeoutMs'>,
): Promise<Answer> {
  try {
    const signal = AbortSignal.any([tools.signal, AbortSignal.timeout(tools.timeoutMs)])
    const response = await fetch(url, { ...init, signal, redirect: 'manual' })
    const text = await readText(response.body)
    return { status: response.status, header: (name) => response.headers.get(name), text }
  } catch (failure) {
    throw errorOfFailure(siteOf(endpoint), failure)
  }
}
