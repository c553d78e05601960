import type pg from 'pg'
import { median } from '../figure.ts'
import type { Endpoint, Named } from './endpoints.ts'
import { endpointsOf } from './endpoints.ts'
import { type Api, forgetAnswers } from './endpoints-server.ts'
import { withWait } from './waits.ts'

export type Asker = { token: string; named: Named }
/** `workedMs`: less what was spent standing in line for a processor. */
export type Run = { ms: number; workedMs: number }
export type Measured = {
  path: string
  /** Milliseconds of each run, over all questions, in the large world and in the small one. */
  large: Run[]
  small: Run[]
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
  const measured = { path: endpoint.path, large: [] as Run[], small: [] as Run[] }
  const refused = new Set<string>()
  let slowest = { question: '', ms: 0 }
  const ask = async ({ token }: Asker, question: string): Promise<Run> => {
    await forgetAnswers(superuser)
    const asked = () => api.ask(token, question)
    const { answer, waitedMs } = await withWait(superuser, api.pid, asked)
    if (answer.status !== 200) refused.add(`${question} ${answer.status}`)
    return { ms: answer.ms, workedMs: Math.max(0, answer.ms - waitedMs) }
  }
  for (const [index, question] of endpoint.questions.entries()) {
    const own: Run[] = []
    for (let round = 0; round <= rounds; round++) {
      const ofSmallWorld = await ask(small, ofSmall.questions[index] ?? question)
      const ofLargeWorld = await ask(large, question)
      if (round === 0) continue
      own.push(ofLargeWorld)
      measured.small.push(ofSmallWorld)
    }
    measured.large.push(...own)
    const ms = median(own.map((run) => run.workedMs))
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
