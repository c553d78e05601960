import { readText } from '../bounded-body.ts'
import type { PlatformTools } from '../platform.ts'
import type { Answer } from './reddit.gateway.ts'

export type Limits = Pick<PlatformTools, 'signal' | 'timeoutMs'>

/** One request, one answer: no redirect (Reddit sends names that do not exist to its search page). */
export async function send(url: string, init: RequestInit, limits: Limits): Promise<Answer> {
  const signal = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)])
  const response = await fetch(url, { ...init, signal, redirect: 'manual' })
  const text = await readText(response.body)
  return { status: response.status, header: (name) => response.headers.get(name), text }
}
