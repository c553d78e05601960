import type { Slot } from '../calendar.ts'
import type { Random } from '../random.ts'
import type { TweetKind } from '../x.world.ts'
import type { Source } from './roster.ts'

/** A tweet, named by who did it and when. */
export type Target = { account: Source; slot: Slot }

export type Draft = {
  account: Source
  slot: Slot
  random: Random
  kind: TweetKind
  target: Target | null
}
