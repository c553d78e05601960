const firstTenth = Date.UTC(2024, 0, 1) / 100
const sources = 1024
const perDay = 512

/**
 * Base 36 and growing with time, as Reddit's. Counts tenths of a second, so that a world that runs
 * a day in a second still has one id for each post; the low digits hold the source and the place
 * in its day.
 */
export const postId = (presentedMs: number, source: number, ordinal: number): string =>
  (
    (Math.floor(presentedMs / 100) - firstTenth) * sources * perDay +
    source * perDay +
    ordinal
  ).toString(36)

type Place = { presentedMs: number; source: number; ordinal: number }

export function readPostId(id: string): Place | null {
  if (!/^[0-9a-z]{1,10}$/.test(id)) return null
  const value = Number.parseInt(id, 36)
  const rest = value % (sources * perDay)
  return {
    presentedMs: (Math.floor(value / (sources * perDay)) + firstTenth) * 100,
    source: Math.floor(rest / perDay),
    ordinal: rest % perDay,
  }
}

const commentsPerPost = 4096n

export const commentId = (post: string, index: number): string =>
  (toBigInt(post) * commentsPerPost + BigInt(index)).toString(36)

export function readCommentId(id: string): { postId: string; index: number } | null {
  if (!/^[0-9a-z]{6,14}$/.test(id)) return null
  const value = toBigInt(id)
  return { postId: (value / commentsPerPost).toString(36), index: Number(value % commentsPerPost) }
}

const toBigInt = (base36: string) =>
  [...base36].reduce((value, digit) => value * 36n + BigInt(Number.parseInt(digit, 36)), 0n)
