import type { PlatformTools } from './platform.ts'

const outcomes: { [status: number]: string } = {
  304: 'ok',
  401: 'unauthorized',
  402: 'forbidden',
  403: 'forbidden',
  404: 'not_found',
  429: 'rate_limited',
}

const outcomeOf = (status: number): string => {
  if (status >= 200 && status < 300) return 'ok'
  return outcomes[status] ?? (status >= 500 ? 'unavailable' : 'refused')
}

/** Makes one call and tells whoever counts calls how it went; without an answer: `unavailable`. */
export async function watchedCall<Answer extends { status: number }>(
  tools: Pick<PlatformTools, 'onCall'>,
  call: () => Promise<Answer>,
): Promise<Answer> {
  const started = performance.now()
  const tell = (outcome: string) =>
    tools.onCall?.({ outcome, seconds: (performance.now() - started) / 1_000 })
  try {
    const answer = await call()
    tell(outcomeOf(answer.status))
    return answer
  } catch (error) {
    tell('unavailable')
    throw error
  }
}
