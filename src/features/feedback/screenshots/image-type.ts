import { fileTypeFromBuffer } from 'file-type'

export const imageTypes = ['image/png', 'image/jpeg', 'image/webp'] as const
type ImageType = (typeof imageTypes)[number]

export const mostBytes = 5 * 1_048_576

const known: Record<string, ImageType> = {
  'image/png': 'image/png',
  'image/jpeg': 'image/jpeg',
  'image/webp': 'image/webp',
  // An animated PNG: its first picture is a PNG like any other.
  'image/apng': 'image/png',
}

/** What the bytes are, whatever anybody called them; null: none of ours. */
export async function imageTypeOf(bytes: Uint8Array): Promise<ImageType | null> {
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  return found ? (known[found.mime] ?? null) : null
}
