import { at, sum } from './series.ts'

/** `counts[truth][guess]`: how often a text of one class was taken for another. Square. */
export type Confusion = readonly (readonly number[])[]

export type ClassQuality = {
  /** How many are of this class. */
  support: number
  /** How many were taken for it. */
  guesses: number
  /** null: nothing was taken for it. */
  precision: number | null
  /** null: nothing is of this class. */
  recall: number | null
  /** null: neither. */
  f1: number | null
}

export type Quality = {
  n: number
  accuracy: number | null
  /** Mean recall over the classes that occur: what TweetEval measures, blind to how often each does. */
  macroRecall: number | null
  /** Mean F1 over the classes that occur or were guessed. */
  macroF1: number | null
  classes: ClassQuality[]
}

export function confusionOf(
  pairs: Iterable<readonly [truth: number, guess: number]>,
  size: number,
) {
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  for (const [truth, guess] of pairs) {
    const row = counts[truth]
    if (row) row[guess] = at(row, guess) + 1
  }
  return counts
}

export function qualityOf(confusion: Confusion): Quality {
  const classes = confusion.map((row, own) => {
    const hits = at(row, own)
    const support = sum(row)
    const guesses = sum(confusion.map((other) => at(other, own)))
    return {
      support,
      guesses,
      precision: share(hits, guesses),
      recall: share(hits, support),
      f1: share(2 * hits, support + guesses),
    }
  })
  const n = sum(classes.map(({ support }) => support))
  const hits = sum(confusion.map((row, own) => at(row, own)))
  return {
    n,
    accuracy: share(hits, n),
    macroRecall: meanOfKnown(classes.map(({ recall }) => recall)),
    macroF1: meanOfKnown(classes.map(({ f1 }) => f1)),
    classes,
  }
}

/** What is reached by whoever always guesses the most frequent class. */
export function majorityBaseline(confusion: Confusion): Quality & { guess: number } {
  const supports = confusion.map((row) => sum(row))
  const guess = supports.indexOf(Math.max(...supports))
  const always = supports.map((support) =>
    supports.map((_, column) => (column === guess ? support : 0)),
  )
  return { ...qualityOf(always), guess }
}

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)

function meanOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : sum(known) / known.length
}
