import type { Confusion } from './classification.ts'
import type { Interval } from './intervals.ts'
import { normalQuantile } from './normal.ts'
import { at, sum } from './series.ts'

/**
 * Cohen's kappa (1960): agreement beyond what the two would reach by chance, 1 at most. The interval
 * is by its large-sample variance (Fleiss, Cohen & Everitt 1969). null: of nothing, or where both
 * always said one and the same, so that chance alone explains everything.
 */
export function kappa(confusion: Confusion, level = 0.95): ({ value: number } & Interval) | null {
  const n = sum(confusion.map((row) => sum(row)))
  if (n === 0) return null
  const shares = confusion.map((row) => row.map((count) => count / n))
  const rows = shares.map((row) => sum(row))
  const columns = shares.map((_, column) => sum(shares.map((row) => at(row, column))))
  const agreed = sum(shares.map((row, own) => at(row, own)))
  const byChance = sum(rows.map((row, own) => row * at(columns, own)))
  if (1 - byChance < 1e-12) return null
  const value = (agreed - byChance) / (1 - byChance)

  let spread = 0
  for (const [i, row] of shares.entries()) {
    for (const [j, share] of row.entries()) {
      spread +=
        i === j
          ? share * (1 - (at(rows, i) + at(columns, i)) * (1 - value)) ** 2
          : (1 - value) ** 2 * share * (at(columns, i) + at(rows, j)) ** 2
    }
  }
  const variance = (spread - (value - byChance * (1 - value)) ** 2) / (n * (1 - byChance) ** 2)
  const half = normalQuantile(0.5 + level / 2) * Math.sqrt(Math.max(0, variance))
  return { value, low: Math.max(-1, value - half), high: Math.min(1, value + half) }
}
