import PQueue from 'p-queue'
import { AppError } from '../../../core/errors.ts'

/** Whose password is hashed, as far as it decides who goes first. */
export type Place = {
  /** Whose budget it draws on: strangers share the line evenly by address, people by their id. */
  from: string | null
  /** Signed in, or from where this person has signed in before: goes ahead of strangers. */
  familiar: boolean
  /** How many of `from` may wait; not said: as many as of an address. */
  waiting?: number
}

export type LineLimits = {
  atOnce: number
  /** How many may wait, of each kind. */
  waiting: number
  /** How many of those from one address. */
  waitingFrom: number
  /** What a stranger's place stays empty for after work that took so long. Milliseconds. */
  rest: (workedMs: number) => Promise<void>
}

export type HashingLine = {
  /** Throws `unavailable` while nobody of this place could even wait. */
  requireRoom: (place: Place) => void
  run: <T>(place: Place, work: () => Promise<T>) => Promise<T>
}

const tooMany = () =>
  new AppError('unavailable', 'Too many people are signing in just now. Try again in a moment.', {
    retryAfterS: 5,
  })

/**
 * A few at once and a short line behind them; whoever comes after that is asked to come back. A flood
 * of strangers fills its own part of the line alone: who is familiar goes ahead of it, and one
 * address cannot take all the places. After each stranger comes a rest that only the familiar may
 * use, so that a flood has a share of the machine and not a whole core of it.
 */
export function createHashingLine(limits: LineLimits): HashingLine {
  const { atOnce, waiting, waitingFrom, rest } = limits
  const line = new PQueue({ concurrency: atOnce })
  const strangers = new PQueue({ concurrency: atOnce })
  const inLine = new Map<string, number>()
  const count = (key: string, change: number) => {
    const now = (inLine.get(key) ?? 0) + change
    if (now > 0) inLine.set(key, now)
    else inLine.delete(key)
  }
  const places = ({
    from,
    familiar,
    waiting: most = waitingFrom,
  }: Place): [key: string, most: number][] => [
    [familiar ? 'familiar' : 'strangers', waiting],
    ...(from === null ? [] : ([[`from ${from}`, most]] as [string, number][])),
  ]
  const isFree = ({ familiar }: Place) =>
    line.pending < atOnce && (familiar || strangers.pending < atOnce)
  const placesToTake = (place: Place) => {
    const taken = isFree(place) ? [] : places(place)
    if (taken.some(([key, most]) => (inLine.get(key) ?? 0) >= most)) throw tooMany()
    return taken
  }
  return {
    requireRoom: (place) => void placesToTake(place),
    run: async (place, work) => {
      const taken = placesToTake(place)
      for (const [key] of taken) count(key, 1)
      const begun = () => {
        for (const [key] of taken) count(key, -1)
        return work()
      }
      return place.familiar
        ? line.add(begun, { priority: 1 })
        : withRest(strangers, rest, (timed) => line.add(() => timed(begun)))
    },
  }
}

/** Answers as soon as the work is done, and keeps the place in `strangers` for the rest after it. */
function withRest<T>(
  strangers: PQueue,
  rest: LineLimits['rest'],
  run: (timed: (work: () => Promise<T>) => Promise<T>) => Promise<T>,
): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>()
  strangers.add(async () => {
    let started = performance.now()
    const timed = (work: () => Promise<T>) => {
      started = performance.now()
      return work()
    }
    const answer = run(timed)
    resolve(answer)
    await answer.catch(() => {})
    await rest(performance.now() - started)
  })
  return promise
}
