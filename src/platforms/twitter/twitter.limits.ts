import type { Limit } from '../budget.ts'

/**
 * Micro-dollars a resource. X's price list (docs.x.com, "pricing", copy of 2026-08-22): $0.005 a post
 * read, $0.010 a user read. X bills a resource once per UTC day; we count every read, so our count
 * errs on the dear side.
 */
export const prices = { post: 5_000, user: 10_000 } as const
export const dollars = 'micro_dollars'
export type Bucket = 'users' | 'timeline' | 'tweets' | 'search'

const windowOf = (bucket: Bucket, amount: number, label: string): Limit => ({
  bucket,
  unit: 'requests',
  amount,
  window: { kind: 'rolling', seconds: 900 },
  label,
})

/** App-only limits of docs.x.com (copy of 2026-08-22); the headers of every answer correct them. */
export const limits: Limit[] = [
  windowOf('users', 300, 'Account look-ups in 15 minutes'),
  windowOf('timeline', 10_000, 'Timeline requests in 15 minutes'),
  windowOf('tweets', 3_500, 'Post look-ups in 15 minutes'),
  windowOf('search', 450, 'Search requests in 15 minutes'),
  {
    bucket: dollars,
    unit: 'micro_dollars',
    amount: 50_000_000,
    window: { kind: 'month' },
    label: 'Spending a month',
  },
]

/** About 22 names fit into one search; a posting account brings some 10 posts a day, 0.2 a half hour. */
export const estimate = (sources: number, refreshedPosts: number) => [
  { bucket: 'search', amount: Math.ceil(sources / 22) },
  { bucket: 'tweets', amount: Math.ceil(refreshedPosts / 100) },
  {
    bucket: dollars,
    amount: Math.ceil(sources * 0.2) * prices.post + refreshedPosts * prices.post,
  },
]
