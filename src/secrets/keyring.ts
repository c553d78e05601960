import { ConfigError } from '../config/config.ts'
import { keyBytes, open, pack, placeOf, SealError, seal, unpack } from './aes-gcm.ts'

export type WrappedKey = { keyId: string; wrappedKey: Buffer }

/** The master keys. Their bytes stay in here: what leaves is ids, wrapped keys and proofs. */
export type Keyring = {
  /** Wraps every new data key; the older ones only open what they wrapped. */
  newestId: string
  /** Newest first. */
  ids: string[]
  wrap: (dataKey: Buffer, place: string) => WrappedKey
  /** Throws SealError. */
  unwrap: (wrapped: WrappedKey, place: string) => Buffer
  /** A text that only this key opens: the database keeps it to know the key again. */
  proof: (keyId: string) => Buffer
  proves: (keyId: string, proof: Buffer) => boolean
}

const proofText = Buffer.from('earshot master key')
const shape =
  'ENCRYPTION_KEYS must be `id:key` pairs, newest first and separated by commas, where each key is ' +
  `${keyBytes} bytes in base64. \`npm run earshot -- keys new\` makes one.`

/** Reads `id:base64(32 bytes)` pairs, comma separated, newest first. Never quotes a key. */
export function createKeyring(keys: string): Keyring {
  const ring = readKeys(keys)
  const newestId = [...ring.keys()][0] ?? ''

  const keyOf = (keyId: string): Buffer => {
    const key = ring.get(keyId)
    if (!key) throw new SealError(`The master key '${keyId}' is not among ENCRYPTION_KEYS.`)
    return key
  }

  return {
    newestId,
    ids: [...ring.keys()],
    wrap: (dataKey, place) => ({
      keyId: newestId,
      wrappedKey: pack(seal(keyOf(newestId), dataKey, wrapPlace(newestId, place))),
    }),
    unwrap: ({ keyId, wrappedKey }, place) =>
      open(keyOf(keyId), unpack(wrappedKey), wrapPlace(keyId, place)),
    proof: (keyId) => pack(seal(keyOf(keyId), proofText, placeOf('proof', keyId))),
    proves: (keyId, proof) => opensTo(keyOf(keyId), proof, placeOf('proof', keyId)),
  }
}

const wrapPlace = (keyId: string, place: string) => placeOf('data key', keyId, place)

function opensTo(key: Buffer, proof: Buffer, place: string): boolean {
  try {
    return open(key, unpack(proof), place).equals(proofText)
  } catch (error) {
    if (error instanceof SealError) return false
    throw error
  }
}

function readKeys(keys: string): Map<string, Buffer> {
  const ring = new Map<string, Buffer>()
  const pairs = keys
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
  if (pairs.length === 0) throw new ConfigError(`ENCRYPTION_KEYS is empty. ${shape}`)
  for (const [index, pair] of pairs.entries()) {
    const [keyId, key] = readPair(pair, index + 1)
    if (ring.has(keyId)) {
      throw new ConfigError(`ENCRYPTION_KEYS has the id '${keyId}' twice: each key needs its own.`)
    }
    ring.set(keyId, key)
  }
  return ring
}

function readPair(pair: string, position: number): [string, Buffer] {
  const colon = pair.indexOf(':')
  const keyId = pair.slice(0, Math.max(colon, 0))
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(keyId)) {
    throw new ConfigError(
      `Entry ${position} of ENCRYPTION_KEYS has no id of letters, digits, '.', '_' or '-'. ${shape}`,
    )
  }
  const text = pair.slice(colon + 1)
  const key = Buffer.from(text, 'base64')
  // Node's decoder skips what is not base64: a mistyped key would quietly become another one.
  if (key.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
    throw new ConfigError(`The key '${keyId}' in ENCRYPTION_KEYS is not base64. ${shape}`)
  }
  if (key.length !== keyBytes) {
    const said = `The key '${keyId}' in ENCRYPTION_KEYS is ${key.length} bytes long, not ${keyBytes}.`
    throw new ConfigError(`${said} ${shape}`)
  }
  return [keyId, key]
}
