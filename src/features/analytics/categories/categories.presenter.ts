import {
  averageOf,
  presentAuthor,
  presentSums,
  type SumsRow,
  sumOrNull,
} from '../authors/author-row.ts'
import type { AllRow } from '../authors/author-sums.queries.ts'
import type { Measure } from '../authors/period.ts'
import { figure } from '../frame/figure.ts'
import { whyNull } from '../frame/reasons.ts'
import type { CategoryRow, RankedAuthorRow } from './categories.queries.ts'

const notTold = 'not_reported'

export function presentTotal(measure: Measure, row: AllRow | null) {
  const { posts, total, n } = row ?? { posts: null, total: null, n: null }
  const known = Number(n) > 0 ? Number(total) : null
  return figure(measure, known, Number(n), Number(posts) > 0 ? notTold : 'no_items')
}

const presentAverage = (row: Pick<SumsRow, 'total' | 'n'>) =>
  figure('average_per_post', averageOf(row), Number(row.n), notTold)

/** One part of everything; nothing of nothing is no share. */
function presentShare(row: SumsRow, all: AllRow | null) {
  const whole = Number(all?.total ?? 0)
  const part = sumOrNull(row)
  const share = part === null || whole === 0 ? null : part / whole
  return figure('share_of_total', share, Number(row.n), whole === 0 ? 'total_is_zero' : notTold)
}

/** Who tells nothing of what is ranked by has no rank: nobody knows which. */
function presentPlaced(row: SumsRow & { rank: string | null }) {
  const { reasons, ...sums } = presentSums(row)
  const rank = row.rank === null ? null : Number(row.rank)
  return { rank, ...sums, reasons: { ...reasons, ...whyNull({ rank }, notTold) } }
}

export const presentCategory = (row: CategoryRow, measure: Measure, all: AllRow | null) => ({
  category: row.category,
  authors: Number(row.authors),
  ...presentPlaced(row),
  total: presentTotal(measure, row),
  shareOfTotal: presentShare(row, all),
  averagePerPost: presentAverage(row),
  medianOfAuthors: figure('median_of_authors', row.median, Number(row.authors), notTold),
  topAuthor: presentLeader(row),
})

const presentLeader = (row: CategoryRow) =>
  row.top_author_id === null || row.top_handle === null || row.top_platform === null
    ? null
    : {
        ...presentAuthor({
          author_id: row.top_author_id,
          handle: row.top_handle,
          display_name: row.top_name,
          platform: row.top_platform,
        }),
        total: Number(row.top_total),
        posts: Number(row.top_posts),
      }

export const presentRanked = (row: RankedAuthorRow, measure: Measure) => ({
  author: presentAuthor(row),
  ...presentPlaced(row),
  total: presentTotal(measure, row),
  averagePerPost: presentAverage(row),
})
