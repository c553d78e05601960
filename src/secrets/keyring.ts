import { createHmac, hkdfSync } from 'node:crypto'
import { ConfigError } from '../config/config.ts'
import { keyBytes, open, pack, placeOf, SealError, seal, unpack } from './aes-gcm.ts'

export type WrappedKey = { keyId: string; wrappedKey: Buffer }

/** The master keys. Their bytes stay in here: what leaves is ids, wrapped keys and proofs. */
export type Keyring = {
  /** Wraps every new data key; the others only open what they wrapped. */
  readonly currentId: string
  /** In the order of ENCRYPTION_KEYS. */
  readonly ids: string[]
  /** Under the current key, or under another one that is here. */
  wrap: (dataKey: Buffer, place: string, keyId?: string) => WrappedKey
  /** Throws SealError. */
  unwrap: (wrapped: WrappedKey, place: string) => Buffer
  /** A text that only this key opens: the database keeps it to know the key again. */
  proof: (keyId: string) => Buffer
  proves: (keyId: string, proof: Buffer) => boolean
  /** HMAC-SHA256 under a key derived for this purpose alone: it says nothing of the master key. */
  mac: (keyId: string, purpose: string, bytes: Buffer) => Buffer
  /** Looks for keys that were added to the source since. */
  reread: () => void
  /** From now on this key wraps what is new. One that is not here is not taken: gives false. */
  use: (keyId: string) => boolean
}

/** Keys that may change while the process runs; null: nothing to read there now. */
export type KeySource = () => string | null

const proofText = Buffer.from('earshot master key')
const shape =
  'ENCRYPTION_KEYS must be `id:key` pairs, newest first and separated by commas, where each key is ' +
  `${keyBytes} bytes in base64. \`npm run earshot -- keys new\` makes one.`

/** A row under a key that nobody has must not make every opening read the disk. */
const rereadEveryMs = 1_000

/**
 * Reads `id:base64(32 bytes)` pairs, comma separated, newest first. Never quotes a key. An id that is
 * not known is looked for in `source` once more: another process may have added the key.
 */
export function createKeyring(keys: string, source: KeySource = () => null): Keyring {
  let ring = readKeys(keys)
  let chosenId: string | null = null
  let readAt = Number.NEGATIVE_INFINITY

  const reread = () => {
    readAt = performance.now()
    const found = source()
    try {
      if (found !== null) ring = readKeys(found)
    } catch (error) {
      // A file that somebody has spoilt meanwhile takes no key away from a process that runs.
      if (!(error instanceof ConfigError)) throw error
    }
  }
  const keyOf = (keyId: string): Buffer => {
    if (!ring.has(keyId) && performance.now() - readAt > rereadEveryMs) reread()
    const key = ring.get(keyId)
    if (!key) throw new SealError(`The master key '${keyId}' is not among ENCRYPTION_KEYS.`)
    return key
  }
  const currentId = () =>
    chosenId !== null && ring.has(chosenId) ? chosenId : ([...ring.keys()][0] ?? '')

  return {
    get currentId() {
      return currentId()
    },
    get ids() {
      return [...ring.keys()]
    },
    wrap: (dataKey, place, keyId = currentId()) => ({
      keyId,
      wrappedKey: pack(seal(keyOf(keyId), dataKey, wrapPlace(keyId, place))),
    }),
    unwrap: ({ keyId, wrappedKey }, place) =>
      open(keyOf(keyId), unpack(wrappedKey), wrapPlace(keyId, place)),
    proof: (keyId) => pack(seal(keyOf(keyId), proofText, placeOf('proof', keyId))),
    proves: (keyId, proof) => opensTo(keyOf(keyId), proof, placeOf('proof', keyId)),
    mac: (keyId, purpose, bytes) =>
      createHmac('sha256', macKey(keyOf(keyId), purpose))
        .update(bytes)
        .digest(),
    reread,
    use: (keyId) => {
      if (!ring.has(keyId)) return false
      chosenId = keyId
      return true
    },
  }
}

const macKey = (key: Buffer, purpose: string) =>
  Buffer.from(hkdfSync('sha256', key, '', `earshot mac: ${purpose}`, 32))

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

const unpadded = (text: string) => text.replace(/(?<!=)=+$/, '')

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
  if (unpadded(key.toString('base64')) !== unpadded(text)) {
    throw new ConfigError(`The key '${keyId}' in ENCRYPTION_KEYS is not base64. ${shape}`)
  }
  if (key.length !== keyBytes) {
    const said = `The key '${keyId}' in ENCRYPTION_KEYS is ${key.length} bytes long, not ${keyBytes}.`
    throw new ConfigError(`${said} ${shape}`)
  }
  return [keyId, key]
}
