import { randomUUID } from 'node:crypto'
import jwt from 'jsonwebtoken'

export const tokenRules = {
  algorithm: 'HS256',
  issuer: 'earshot',
  audience: 'earshot',
} as const

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
  const claims = {
    sub: issue.userId,
    sid: issue.sessionId,
    jti: randomUUID(),
    email: issue.email,
    iss,
    aud,
    iat,
    exp: iat + issue.minutes * 60,
  }
  return jwt.sign(claims, issue.secret, { algorithm })
}
