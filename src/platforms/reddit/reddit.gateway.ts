import type { HttpAnswer } from '../http-answer.ts'

export type Answer = HttpAnswer & { text: string }
export type Query = { [name: string]: string }

/** The two hosts behind one address: the sandbox has both on one origin. */
export const loginUrl = (baseUrl: string | null) => baseUrl ?? 'https://www.reddit.com'
export const apiUrl = (baseUrl: string | null) => baseUrl ?? 'https://oauth.reddit.com'

/**
 * One request to Reddit, one answer of whatever status: no retry, no redirect, no waiting. Throws
 * only when no answer came. snoowrap stands behind it today; it is no longer maintained, and a
 * gateway of twenty lines over fetch can take its place.
 */
export type RedditGateway = {
  get: (token: string, path: string, query: Query) => Promise<Answer>
}
