import type { EntityManager } from '@mikro-orm/postgresql'
import type { MoodScope } from '../texts.ts'
import { groupsOf } from './groups.service.ts'
import { sumMoods } from './rollup-moods.queries.ts'

export type TextCounts = { scored: number; all: number }

/** Scored texts of a scope, and of the whole workspace in its period: what a lot is a part of. */
export async function scoredTexts(em: EntityManager, scope: MoodScope): Promise<TextCounts> {
  const { platform, source, texts } = scope
  const all = await allScored(em, scope)
  const isAll = !platform && !source && texts === 'all'
  return { all, scored: isAll ? all : await scored(em, scope) }
}

/** Of the whole workspace in the period, comments too. */
export const allScored = (em: EntityManager, { from, to }: MoodScope): Promise<number> =>
  scored(em, { from, to, texts: 'all' })

const scored = async (em: EntityManager, scope: MoodScope): Promise<number> =>
  groupsOf(await sumMoods(em, scope, { by: 'none', buckets: null }))[0]?.total.n ?? 0
