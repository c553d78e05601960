import type { EntityManager } from '@mikro-orm/postgresql'
import { chiSquare, stabilityIndex } from '../../../../statistics/drift.ts'
import { sum } from '../../../../statistics/series.ts'
import { figure } from '../../frame/figure.ts'
import { sampleTexts } from '../sample.ts'
import { allScored } from '../shares/counts.service.ts'
import { groupsOf } from '../shares/groups.service.ts'
import { noMoods } from '../shares/moments.ts'
import { sumMoods } from '../shares/rollup-moods.queries.ts'
import { type MoodName, type MoodScope, moodNames } from '../texts.ts'
import { countsOf } from './agreement.presenter.ts'
import { countCorrections, modelsOf } from './agreement.queries.ts'

/** Of fewer texts on either side no drift is told. */
const leastTexts = 30
const sampled = 2_000

/** How the model's classes of a period differ from those of the one before, of equal length. */
export async function driftOf(em: EntityManager, scope: MoodScope) {
  const earlier = before(scope)
  const [old, now] = [await classesOf(em, earlier), await classesOf(em, scope)]
  const n = sum(old.counts) + sum(now.counts)
  const isFew = Math.min(sum(old.counts), sum(now.counts)) < leastTexts
  const index = isFew ? null : stabilityIndex(old.counts, now.counts)
  const test = isFew ? null : chiSquare(old.counts, now.counts)
  return {
    before: { from: earlier.from, to: earlier.to, ...presented(old) },
    now: { from: scope.from, to: scope.to, ...presented(now) },
    stabilityIndex: figure('stability_index', index, n, 'few_texts'),
    p: figure('chi_square_p', test?.p ?? null, n, isFew ? 'few_texts' : 'expected_below_5'),
    modelChanged:
      old.models.length > 0 && now.models.length > 0 && old.models.join() !== now.models.join(),
  }
}

function before(scope: MoodScope): MoodScope {
  const [fromMs, toMs] = [Date.parse(scope.from), Date.parse(scope.to)]
  return { ...scope, from: new Date(2 * fromMs - toMs).toISOString(), to: scope.from }
}

type Classes = { counts: number[]; models: string[] }

async function classesOf(em: EntityManager, scope: MoodScope): Promise<Classes> {
  const total = groupsOf(await sumMoods(em, scope, { by: 'none', buckets: null }))[0]?.total
  const counts = moodNames.map((name) => (total ?? noMoods)[name])
  const move = (name: string | null, by: number) => {
    const index = moodNames.indexOf(name as MoodName)
    if (index >= 0) counts[index] = (counts[index] ?? 0) + by
  }
  for (const { label, model_label: model, n } of await countCorrections(em, scope)) {
    move(label, -Number(n))
    move(model, Number(n))
  }
  const all = await allScored(em, scope)
  const sample = sampleTexts(scope, { scored: total?.n ?? 0, all }, sampled)
  return { counts, models: await modelsOf(em, sample) }
}

const presented = ({ counts, models }: Classes) => ({
  n: sum(counts),
  classes: countsOf(counts),
  models,
})
