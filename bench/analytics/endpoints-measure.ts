import type pg from 'pg'
import { median } from '../figure.ts'
import type { Endpoint, Named } from './endpoints.ts'
import { endpointsOf } from './endpoints.ts'
import { type Api, forgetAnswers } from './endpoints-server.ts'

export type Asker = { token: string; named: Named }
export type Measured = {
  path: string
  /** Milliseconds of each run, over all questions, in the large world and in the small one. */
  large: number[]
  small: number[]
  slowest: { question: string; ms: number }
  /** Questions that were not answered with 200, and the status. */
  refused: string[]
}

const leastRuns = 15
/** Of one question: many questions alone are no repetition. */
const leastRounds = 3

/**
 * Each question so often in both worlds by turns, none from a kept answer, after a round that is not
 * counted (the first look at a page costs the disk, not us).
 */
export async function measureEndpoint(
  { api, superuser, large, small }: { api: Api; superuser: pg.Client; large: Asker; small: Asker },
  endpoint: Endpoint,
  ofSmall: Endpoint,
): Promise<Measured> {
  const rounds = Math.max(leastRounds, Math.ceil(leastRuns / endpoint.questions.length))
  const measured = { path: endpoint.path, large: [] as number[], small: [] as number[] }
  const refused = new Set<string>()
  let slowest = { question: '', ms: 0 }
  const ask = async ({ token }: Asker, question: string): Promise<number> => {
    await forgetAnswers(superuser)
    const { status, ms } = await api.ask(token, question)
    if (status !== 200) refused.add(`${question} ${status}`)
    return ms
  }
  for (const [index, question] of endpoint.questions.entries()) {
    const own: number[] = []
    for (let round = 0; round <= rounds; round++) {
      const ofSmallWorld = await ask(small, ofSmall.questions[index] ?? question)
      const ofLargeWorld = await ask(large, question)
      if (round === 0) continue
      own.push(ofLargeWorld)
      measured.small.push(ofSmallWorld)
    }
    measured.large.push(...own)
    const ms = median(own)
    if (ms > slowest.ms) slowest = { question, ms }
  }
  return { ...measured, slowest, refused: [...refused] }
}

/** The same endpoints for both worlds, which name different things. */
export function pairEndpoints(large: Asker, small: Asker) {
  const ofSmall = new Map(
    endpointsOf(small.named).endpoints.map((endpoint) => [endpoint.path, endpoint]),
  )
  const { endpoints, skipped } = endpointsOf(large.named)
  return {
    skipped,
    pairs: endpoints.flatMap((endpoint) => {
      const other = ofSmall.get(endpoint.path)
      return other ? [{ endpoint, other }] : []
    }),
  }
}
