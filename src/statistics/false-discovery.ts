/**
 * Which of many tests stand when so much of what is told may be false (Benjamini & Hochberg 1995).
 * `tested`: all that were tried, of which `chances` may be the smaller ones.
 */
export function discoveries(chances: readonly number[], tested: number, rate = 0.05): boolean[] {
  const sorted = chances.toSorted((one, other) => one - other)
  const limit = sorted.findLast((chance, index) => chance <= ((index + 1) / tested) * rate)
  return chances.map((chance) => limit !== undefined && chance <= limit)
}
