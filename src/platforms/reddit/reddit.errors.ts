import type { CallSite } from '../call-site.ts'
import { errorOfStatus, type HttpAnswer } from '../http-answer.ts'
import { PlatformError, type PlatformErrorKind } from '../platform-error.ts'
import { Refusal } from './reddit.shapes.ts'

export const reset = { name: 'x-ratelimit-reset', unit: 'seconds_to_go' } as const

export const siteOf = (what: string): CallSite => ({ platform: 'reddit', name: 'Reddit', what })

type Trouble = { kind: PlatformErrorKind; words: string }

export const noSuchCommunity: Trouble = {
  kind: 'not_found',
  words: 'Reddit knows no community of this name',
}
const troubles: { [reason: string]: Trouble } = {
  private: { kind: 'forbidden', words: 'This community is private' },
  employees_only: { kind: 'forbidden', words: "This community is for Reddit's staff only" },
  gold_only: { kind: 'forbidden', words: 'This community is for premium members only' },
  gold_restricted: { kind: 'forbidden', words: 'This community is for premium members only' },
  quarantined: {
    kind: 'forbidden',
    words: 'This community is quarantined: Reddit shows it only to people who asked for it',
  },
  banned: { kind: 'not_found', words: 'Reddit has banned this community' },
}

/** A word of Reddit's own (reason, subreddit_type) -> what it means; null: nothing to us. */
export const troubleOf = (reason: string | null | undefined): Trouble | null =>
  (reason && Object.hasOwn(troubles, reason) && troubles[reason]) || null

export const errorOfTrouble = ({ kind, words }: Trouble, status?: number): PlatformError =>
  new PlatformError('reddit', kind, words, { sourceOnly: true, ...(status && { status }) })

/** 302 is how Reddit answers a name that nobody has: it leads to its search. */
const concernsCommunities = (status: number): boolean => [301, 302, 403, 404, 451].includes(status)

/** An answer that is not 2xx. `ofCommunity`: it was about communities that we named. */
export function errorOfAnswer(
  what: string,
  answer: HttpAnswer & { text: string },
  now: Date,
  ofCommunity: boolean,
): PlatformError {
  const { status } = answer
  if (ofCommunity && concernsCommunities(status)) {
    const trouble = troubleOf(reasonIn(answer.text))
    if (trouble) return errorOfTrouble(trouble, status)
    if (status !== 403 && status !== 451) return errorOfTrouble(noSuchCommunity, status)
    return errorOfStatus(siteOf(what), answer, now, { sourceOnly: true })
  }
  return errorOfStatus(siteOf(what), answer, now, { reset })
}

function reasonIn(text: string): string | null {
  try {
    return Refusal.safeParse(JSON.parse(text)).data?.reason ?? null
  } catch {
    return null
  }
}
