import { Secret, TOTP } from 'otpauth'

/** What every authenticator app understands: SHA-1, 6 digits, 30 seconds (RFC 6238). */
const form = { issuer: 'Earshot', algorithm: 'SHA1', digits: 6, period: 30 } as const
/** Steps before and after this one that count as well: clocks differ, people type slowly. */
const window = 1
const seedBytes = 20

/** 160 bits of the system's random source, in base32. */
export const newSeed = (): string => new Secret({ size: seedBytes }).base32

const totpOf = (seed: string, label = '') =>
  new TOTP({ ...form, label, secret: Secret.fromBase32(seed) })

/** What a QR code holds. */
export const uriOf = (seed: string, email: string): string => totpOf(seed, email).toString()

/** The step whose code this is; null: of none that counts at this time. Compares in constant time. */
export function stepOf(seed: string, code: string, now: Date): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const timestamp = now.getTime()
  const delta = totpOf(seed).validate({ token: code, timestamp, window })
  return delta === null ? null : TOTP.counter({ period: form.period, timestamp }) + delta
}
