/** The moment that Reddit counts from, in seconds. */
const redditEpoch = 1_134_028_003

/**
 * Reddit's `hot` (reddit/r2 `_sorts.pyx`): ten times the votes weigh as much as 12.5 hours. It does not
 * change while time passes, so it can be a column.
 */
export function redditHot(ups: number, downs: number, publishedS: number): number {
  const score = ups - downs
  const order = Math.log10(Math.max(Math.abs(score), 1))
  return Number((Math.sign(score) * order + (publishedS - redditEpoch) / 45_000).toFixed(7))
}

/** Many votes that disagree: total over difference. */
export const controversy = (ups: number, downs: number): number =>
  (ups + downs) / Math.max(Math.abs(ups - downs), 1)
