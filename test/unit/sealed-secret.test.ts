import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ConfigError } from '../../src/config/config.ts'
import { SealError } from '../../src/secrets/aes-gcm.ts'
import { freshMasterKey } from '../../src/secrets/fresh-secrets.ts'
import { createKeyring } from '../../src/secrets/keyring.ts'
import { openSecret, profilePlace, sealSecret } from '../../src/secrets/sealed-secret.ts'

const keyOf = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const owner = { workspaceId: '1', profileId: '7' }
const place = profilePlace(owner)
const fields = { clientId: 'public-id', clientSecret: 'a very secret text' }
const messageOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('no refusal')
}

describe('SEC-16: an envelope', () => {
  const keyring = createKeyring(keyOf('k1'))

  test('opens to what was sealed, whatever the text', () => {
    const texts = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(texts, (given) => {
        const wanted = { ...given }
        expect(openSecret(keyring, place, sealSecret(keyring, place, given))).toEqual(wanted)
      }),
    )
  })

  test('holds nothing of the text, and is another one each time', () => {
    const [one, two] = [sealSecret(keyring, place, fields), sealSecret(keyring, place, fields)]
    expect(JSON.stringify(one)).not.toContain('secret text')
    expect(one.sealedFields.clientSecret).not.toEqual(two.sealedFields.clientSecret)
    expect(one.wrappedKey.equals(two.wrappedKey)).toBe(false)
  })

  test('opens for no other profile, workspace or field', () => {
    const envelope = sealSecret(keyring, place, fields)
    const elsewhere = [
      { ...owner, profileId: '8' },
      { ...owner, workspaceId: '2' },
      { workspaceId: '17', profileId: '' },
    ]
    for (const other of elsewhere) {
      expect(() => openSecret(keyring, profilePlace(other), envelope)).toThrow(SealError)
    }
    // The data key itself is bound too, not only what it seals.
    const empty = sealSecret(keyring, place, {})
    expect(() => openSecret(keyring, profilePlace({ ...owner, profileId: '8' }), empty)).toThrow(
      SealError,
    )
    const { clientId, clientSecret } = envelope.sealedFields
    if (!clientId || !clientSecret) throw new Error('fields are missing')
    const swapped = { clientId: clientSecret, clientSecret: clientId }
    expect(() => openSecret(keyring, place, { ...envelope, sealedFields: swapped })).toThrow(
      SealError,
    )
  })

  test('does not open with fields of another sealing of the same profile', () => {
    const [old, fresh] = [sealSecret(keyring, place, fields), sealSecret(keyring, place, fields)]
    const mixed = { ...fresh, sealedFields: { ...fresh.sealedFields, ...old.sealedFields } }
    expect(() => openSecret(keyring, place, mixed)).toThrow(SealError)
  })

  test('does not open with any byte changed, or a tag cut short', () => {
    const envelope = sealSecret(keyring, place, { clientSecret: 'abc' })
    const field = envelope.sealedFields.clientSecret
    if (!field) throw new Error('the field is missing')
    for (const part of ['nonce', 'tag', 'ciphertext'] as const) {
      const bytes = Buffer.from(field[part], 'base64')
      bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0)
      const changed = { clientSecret: { ...field, [part]: bytes.toString('base64') } }
      expect(() => openSecret(keyring, place, { ...envelope, sealedFields: changed })).toThrow(
        SealError,
      )
    }
    const tag = Buffer.from(field.tag, 'base64').subarray(0, 4).toString('base64')
    const cut = { clientSecret: { ...field, tag } }
    expect(() => openSecret(keyring, place, { ...envelope, sealedFields: cut })).toThrow(SealError)
  })
})

describe('a ring of master keys', () => {
  const [older, newer] = [keyOf('k1'), keyOf('k2')]

  test('seals with the newest and still opens what older ones sealed', () => {
    const envelope = sealSecret(createKeyring(older), place, fields)
    const ring = createKeyring(`${newer}, ${older}`)
    expect(openSecret(ring, place, envelope)).toEqual(fields)
    expect(sealSecret(ring, place, fields).keyId).toBe('k2')
    expect(() => openSecret(createKeyring(newer), place, envelope)).toThrow(
      "The master key 'k1' is not among ENCRYPTION_KEYS.",
    )
  })

  test('knows a key by its bytes, not by its id', () => {
    const proof = createKeyring(older).proof('k1')
    expect(createKeyring(older).proves('k1', proof)).toBe(true)
    expect(createKeyring(keyOf('k1')).proves('k1', proof)).toBe(false)
  })

  test('reads what `keys new` makes', () => {
    const now = new Date('2026-11-20T10:00:00Z')
    expect(createKeyring(freshMasterKey(now)).currentId).toMatch(/^k20261120-[0-9a-f]{6}$/)
  })

  test('SEC-18: refuses keys that are not right, in words that hold none of them', () => {
    const short = `k1:${randomBytes(16).toString('base64')}`
    expect(messageOf(() => createKeyring(short))).toContain("'k1'")
    expect(messageOf(() => createKeyring(short))).toContain('16 bytes')
    expect(messageOf(() => createKeyring(`${older},${keyOf('k1')}`))).toContain("'k1' twice")
    expect(messageOf(() => createKeyring(' , '))).toContain('is empty')
    expect(messageOf(() => createKeyring(older.slice(3)))).toContain('Entry 1')
    const mistyped = `${older.slice(0, 10)}!${older.slice(10)}`
    expect(messageOf(() => createKeyring(mistyped))).toContain('not base64')
    for (const wrong of [short, older.slice(3), mistyped]) {
      expect(messageOf(() => createKeyring(wrong))).not.toContain(wrong.slice(-12))
    }
  })
})
