import type { z } from 'zod'
import type { TrendingView } from './hashtags.schemas.ts'
import type { Surprise, Withheld } from './surprise/listed.ts'

type Tag = z.input<typeof TrendingView>['hashtags'][number]

export const presentSurprise = ({ windowMinutes, since, ...one }: Surprise): Tag => ({
  hashtag: one.hashtag,
  count: one.count,
  window_minutes: windowMinutes,
  authors: one.authors,
  expected: one.expected,
  z: one.z,
  chance: one.chance,
  why: one.why,
  since: since?.toISOString() ?? null,
})

export const presentWithheld = ({ hashtag, count, authors, z, why }: Withheld) => ({
  hashtag,
  count,
  authors,
  z,
  why,
})
