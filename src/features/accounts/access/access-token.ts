import { randomUUID } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { z } from 'zod'

export const tokenRules = {
  algorithm: 'HS256',
  type: 'at+jwt',
  issuer: 'earshot',
  audience: 'earshot',
} as const

const header = { alg: tokenRules.algorithm, typ: tokenRules.type }
const encodedHeader = Buffer.from(JSON.stringify(header)).toString('base64url')

/** The clocks of two machines may differ by so much. Seconds. */
const clockSkewS = 5
/** Ours have about 400 characters. */
const longest = 2_000

type Issue = {
  secret: string
  userId: string
  email: string
  sessionId: string
  minutes: number
  now: Date
}

/** A token names its session: it is worth nothing once that has ended. */
export function issueAccessToken(issue: Issue): string {
  const { algorithm, issuer: iss, audience: aud } = tokenRules
  const iat = Math.floor(issue.now.getTime() / 1000)
  const claims: Claims = {
    sub: issue.userId,
    sid: issue.sessionId,
    jti: randomUUID(),
    email: issue.email,
    iss,
    aud,
    iat,
    nbf: iat,
    exp: iat + issue.minutes * 60,
  }
  return jwt.sign(claims, issue.secret, { algorithm, header })
}

const databaseId = z.string().regex(/^[1-9]\d{0,17}$/)
const seconds = z.int().min(0)

const Claims = z.strictObject({
  sub: databaseId,
  sid: databaseId,
  jti: z.uuid(),
  email: z.string().min(3).max(254),
  iss: z.literal(tokenRules.issuer),
  aud: z.literal(tokenRules.audience),
  iat: seconds,
  nbf: seconds,
  exp: seconds,
})
type Claims = z.infer<typeof Claims>

/**
 * Whether it can be a token of ours, before anything is computed. We write one header, so one is
 * read: whatever else it says (another algorithm or type, kid, jwk, jku, x5u, crit) is not ours.
 */
export const looksIssued = (token: string): boolean =>
  token.length <= longest && token.startsWith(`${encodedHeader}.`)

/** The claims of a token whose signature is right: all of ours, nothing more, and in their time. */
export function readClaims(
  token: string,
  payload: unknown,
  { now, minutes }: { now: Date; minutes: number },
): { userId: string; sessionId: string } | null {
  const claims = Claims.safeParse(payload)
  if (!claims.success || !isWrittenOnce(token, payload)) return null
  const { sub, sid, iat, nbf, exp } = claims.data
  const at = now.getTime() / 1000
  const begun = Math.max(iat, nbf) <= at + clockSkewS
  // The configured life counts for tokens that were issued before it was made shorter, too.
  const ended = at >= Math.min(exp, iat + minutes * 60)
  return begun && !ended ? { userId: sub, sessionId: sid } : null
}

/** Of a claim that is written twice a parser keeps one: ours are written as JSON.stringify does. */
function isWrittenOnce(token: string, payload: unknown): boolean {
  const written = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
  return written === JSON.stringify(payload)
}
