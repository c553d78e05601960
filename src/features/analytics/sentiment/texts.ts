import { z } from 'zod'
import { sql } from '../../../database/sql.ts'
import type { Scope } from '../frame/scope.ts'

export const moodNames = ['negative', 'neutral', 'positive'] as const
export const MoodName = z.enum(moodNames)
export type MoodName = z.infer<typeof MoodName>

/** Whose texts are meant: posts by default, because comments are others' words under them. */
export const textsField = {
  texts: z.enum(['posts', 'comments', 'all']).default('posts').describe('Which texts are counted'),
}
export type Texts = 'posts' | 'comments' | 'all'

export type MoodScope = Scope & { texts: Texts }

/** Where a row's column `kind` is meant. */
export const isMeant = (texts: Texts, kind = sql`kind`) =>
  texts === 'all'
    ? sql`true`
    : texts === 'posts'
      ? sql`${kind} <> 'comment'`
      : sql`${kind} = 'comment'`
