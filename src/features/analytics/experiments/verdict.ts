import type { Measurement } from './experiments.schemas.ts'

export type Verdict =
  | 'not_started'
  | 'too_early'
  | 'too_few'
  | 'no_variation'
  | 'no_reliable_difference'
  | 'better'
  | 'worse'

type Situation = {
  state: 'planned' | 'running' | 'ended' | 'stopped'
  provisional: boolean
  expectedLift: number | null
  endsAt: string
  measurement: Measurement | null
}

const percent = (share: number) => {
  const whole = Math.round(share * 100)
  return `${whole > 0 ? '+' : ''}${whole} %`
}

export function verdictOf({ state, provisional, measurement }: Situation): Verdict {
  if (state === 'planned') return 'not_started'
  const { low, high } = measurement?.effect ?? {}
  if (low === undefined || high === undefined) {
    if (measurement?.effect.reason === 'no_variation') return 'no_variation'
    return provisional ? 'too_early' : 'too_few'
  }
  if (low > 0) return 'better'
  return high < 0 ? 'worse' : 'no_reliable_difference'
}

/** By the whole interval: a lucky middle meets nothing, and an unlucky one misses nothing. */
export function expectationOf({ expectedLift, measurement }: Situation) {
  const { low, high } = measurement?.effect ?? {}
  if (expectedLift === null || low === undefined || high === undefined) return null
  if (low >= expectedLift) return 'met' as const
  return high < expectedLift ? ('missed' as const) : ('open' as const)
}

/** The answer as one would say it to somebody who does not like numbers. */
export function inWords(situation: Situation): string {
  const words = [sentences[verdictOf(situation)](situation)]
  if (situation.provisional && situation.state === 'running') {
    words.push(
      `It runs until ${situation.endsAt.slice(0, 10)}: until then this is provisional, and who stops at a good moment finds effects that are not there.`,
    )
  }
  if (situation.state === 'stopped') {
    words.push('It was stopped before its horizon, so its interval promises more than it keeps.')
  }
  const expectation = expectationOf(situation)
  if (expectation === 'missed' && situation.expectedLift !== null) {
    words.push(`The expected ${percent(situation.expectedLift)} can be ruled out.`)
  }
  return words.join(' ')
}

const told = ({ measurement }: Situation) => {
  const { value, low = 0, high = 0 } = measurement?.effect ?? { value: null }
  return `${percent(value ?? 0)} (between ${percent(low)} and ${percent(high)})`
}

const sentences: Record<Verdict, (situation: Situation) => string> = {
  not_started: () => 'It has not begun.',
  too_early: () => 'It is too early to say: too few posts are a day old.',
  too_few: () => 'There are too few posts to say anything.',
  no_variation: () =>
    'What is compared was always the same, so nothing says how much luck alone would change.',
  no_reliable_difference: (situation) =>
    `No reliable difference: ${told(situation)}, which luck alone explains.`,
  better: (situation) => `Treated posts did better: ${told(situation)}.`,
  worse: (situation) => `Treated posts did worse: ${told(situation)}.`,
}
