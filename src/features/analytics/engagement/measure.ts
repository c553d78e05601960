import { z } from 'zod'
import { sql } from '../../../database/sql.ts'

/** What posts are compared by at equal age. */
export const compared = ['engagement', 'views', 'viewers'] as const
export type Compared = (typeof compared)[number]
export const comparedField = {
  measure: z
    .enum(compared)
    .default('engagement')
    .describe('What is compared; Twitch reports viewers alone'),
}

/** A column of post_milestones or post_samples, out of a closed list. */
export const columnOf = (measure: Compared) => sql.ref(measure)

export const ages = [1, 6, 24, 168] as const
export type Age = (typeof ages)[number]
