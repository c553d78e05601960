import type { Burst } from '../../../statistics/burst.ts'
import type { Length } from './authors.queries.ts'

export type Surprise = Burst & {
  hashtag: string
  count: number
  authors: number
  windowMinutes: Length
  why: string
  /** When it entered the list; null: it was not noted yet. */
  since: Date | null
}
export type Withheld = { hashtag: string; count: number; authors: number; z: number; why: string }
export type Surprises = {
  from: number
  to: number
  listed: Surprise[]
  withheld: Withheld[]
  judged: number
  /** Why nothing could be judged. */
  reason: 'history_too_short' | null
}
