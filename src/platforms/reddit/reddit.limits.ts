import type { Limit } from '../budget.ts'

export const requests = 'requests'

/**
 * 60 a minute averaged over ten minutes, as recorded headers of 2021-23 show. Since July 2023 clients
 * may have 100; the headers of every answer say what is left and are obeyed.
 */
export const limits: Limit[] = [
  {
    bucket: requests,
    unit: 'requests',
    amount: 600,
    window: { kind: 'rolling', seconds: 600 },
    label: 'Requests in 10 minutes',
  },
]

/** Most posts have all their comments in one answer; a large thread takes six. */
const callsAThread = 2

/** Quiet communities share one listing of 100 posts; some 30 of them fill one in half an hour. */
export const estimate = (sources: number, refreshedPosts: number, threads = 0) => [
  {
    bucket: requests,
    amount: Math.ceil(sources / 30) + Math.ceil(refreshedPosts / 100) + threads * callsAThread,
  },
]
