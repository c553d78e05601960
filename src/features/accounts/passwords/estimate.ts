import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import { strengthWords } from './strength-words.ts'

/**
 * Its work grows with the square of what it reads, and with the ways in which signs may stand for
 * letters: bounded so that the worst of 128 characters takes a few milliseconds, not fifty.
 */
const charactersRead = 64
const zxcvbn = new ZxcvbnFactory({
  dictionary,
  graphs: adjacencyGraphs,
  translations: strengthWords,
  maxLength: charactersRead,
  l33tMaxSubstitutions: 8,
})

export type Estimate = {
  /** 0 is guessed at once, 4 not in a lifetime. */
  score: 0 | 1 | 2 | 3 | 4
  warning: string | null
  suggestions: string[]
}

/** How many guesses somebody needs who knows how people choose passwords (and knows these words). */
export function estimate(password: string, knownWords: readonly string[]): Estimate {
  const { score, feedback } = zxcvbn.check(password, [...knownWords])
  return { score, warning: feedback.warning, suggestions: feedback.suggestions }
}
