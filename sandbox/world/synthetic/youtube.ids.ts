import { hash32 } from '../random.ts'

/** Where a video comes from: its channel, the day and the place in the day. */
type VideoPlace = { channel: number; day: number; ordinal: number }

const mask32 = 0xffffffffn

/**
 * Eleven characters of base64url that look like chance but can be read back: 32 bits that name the
 * place, hidden under a hash of the 32 check bits next to them.
 */
export function videoId(seed: number, { channel, day, ordinal }: VideoPlace): string {
  const place = BigInt(((channel << 19) | ((day & 0x7fff) << 4) | (ordinal & 0xf)) >>> 0)
  const check = BigInt(hash32(seed, 'video', Number(place)))
  const hidden = (place ^ BigInt(hash32(seed, 'mask', Number(check)))) & mask32
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE((hidden << 32n) | check)
  return bytes.toString('base64url')
}

export function readVideoId(seed: number, id: string): VideoPlace | null {
  const bytes = Buffer.from(id, 'base64url')
  if (id.length !== 11 || bytes.length !== 8) return null
  const check = bytes.readUInt32BE(4)
  const place = (bytes.readUInt32BE(0) ^ hash32(seed, 'mask', check)) >>> 0
  if (hash32(seed, 'video', place) !== check) return null
  return { channel: place >>> 19, day: (place >>> 4) & 0x7fff, ordinal: place & 0xf }
}
