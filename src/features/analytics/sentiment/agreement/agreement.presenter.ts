import { type Confusion, confusionOf, qualityOf } from '../../../../statistics/classification.ts'
import { type Interval, wilson } from '../../../../statistics/intervals.ts'
import { kappa } from '../../../../statistics/kappa.ts'
import { type Figure, figure } from '../../frame/figure.ts'
import { type MoodName, moodNames } from '../texts.ts'
import type { AgreementRow } from './agreement.queries.ts'
import type { AgreementView } from './agreement.schemas.ts'

/** Of fewer labels agreement is not told: it could be anything. */
const leastLabels = 30
const level = 0.95

const placeOf = (name: string) => moodNames.indexOf(name as MoodName)

function tableOf(found: readonly AgreementRow[]): Confusion {
  const table = confusionOf([], moodNames.length)
  for (const { label, model_label: model, n } of found) {
    const row = table[placeOf(label)]
    const column = placeOf(model)
    if (row) row[column] = (row[column] ?? 0) + Number(n)
  }
  return table
}

export function presentAgreement(found: readonly AgreementRow[]): AgreementView {
  const table = tableOf(found)
  const { n, accuracy, macroRecall } = qualityOf(table)
  const isFew = n < leastLabels
  const told = (
    definition: string,
    value: number | null,
    reason: string,
    interval?: Interval | null,
  ): Figure =>
    isFew || value === null
      ? figure(definition, null, n, isFew ? 'few_labels' : reason)
      : {
          ...figure(definition, value, n),
          ...(interval && { low: interval.low, high: interval.high, level }),
        }
  const beyondChance = kappa(table, level)
  const hits = Math.round((accuracy ?? 0) * n)
  return {
    n,
    accuracy: told('label_agreement', accuracy, 'no_labels', wilson(hits, n, level)),
    macroRecall: told('macro_recall', macroRecall, 'no_labels'),
    kappa: told('cohens_kappa', beyondChance?.value ?? null, 'only_one_class', beyondChance),
    confusion: moodNames.map((label, row) => ({
      label,
      model: countsOf(table[row] ?? []),
    })),
  }
}

export const countsOf = (values: readonly number[]): Record<MoodName, number> => ({
  negative: values[0] ?? 0,
  neutral: values[1] ?? 0,
  positive: values[2] ?? 0,
})

/** Rows apart by one of their columns. */
export function apart(
  found: readonly AgreementRow[],
  column: 'model' | 'month',
): [key: string, rows: AgreementRow[]][] {
  const parts = new Map<string, AgreementRow[]>()
  for (const row of found) parts.set(row[column], [...(parts.get(row[column]) ?? []), row])
  return [...parts]
}
