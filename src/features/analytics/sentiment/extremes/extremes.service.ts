import type { z } from 'zod'
import type { Context } from '../../../../context.ts'
import { frameOf } from '../../frame/answer.ts'
import { wholeQuarters } from '../../frame/buckets.ts'
import { definitionsOf } from '../../frame/definitions.ts'
import { scopeOf } from '../../frame/scope.ts'
import { presentExcerpt } from '../excerpt.ts'
import { sampleTexts } from '../sample.ts'
import { scoredTexts } from '../shares/counts.service.ts'
import type { MoodName, MoodScope } from '../texts.ts'
import { findExtremes } from './extremes.queries.ts'
import type { Extremes, ExtremesQuery } from './extremes.schemas.ts'

/** Of so few texts all are looked at; more are enough that the index's ends soon hold some of them. */
const few = 10_000

const real = (value: number) => Number(value.toPrecision(7))

/** The texts of the period that are surest of their mood, on one side. */
export async function sentimentExtremes(
  ctx: Pick<Context, 'em' | 'clock'>,
  { side, limit, texts, ...asked }: ExtremesQuery,
): Promise<z.input<typeof Extremes>> {
  const scope: MoodScope = { ...wholeQuarters(scopeOf(asked, ctx)), texts }
  const counts = await scoredTexts(ctx.em, scope)
  const found = await findExtremes(ctx.em, {
    scope,
    side,
    limit,
    few: counts.scored <= few ? sampleTexts(scope, counts) : null,
  })
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf(['compound']),
    side,
    posts: found.map((row) => ({
      post: presentExcerpt(row),
      compound: real(row.compound),
      mood: row.mood as MoodName,
      model: row.model,
    })),
  }
}
