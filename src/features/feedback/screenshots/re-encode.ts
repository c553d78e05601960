import type { Sharp } from 'sharp'
import { mostBytes } from './image-type.ts'
import type { ReadyImage } from './screenshots.repository.ts'

/** A picture that cannot be had from these bytes; the sentence is for whoever sent them. */
export class UnreadableImage extends Error {
  override readonly name = 'UnreadableImage'
}

const mostPixels = 40_000_000
const longestSide = 4_096
const timeoutS = 20

/** Smaller and smaller, until it fits: noise does not compress. */
const forms = [
  { side: longestSide, quality: 90 },
  { side: 2_048, quality: 75 },
] as const

/**
 * libvips reads dozens of formats; these three are all that it may open here. Loaded on first use: the
 * API's process never has it, and its image does not even hold its library.
 */
async function openSharp() {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadWebp'],
  })
  return sharp
}
const made: { sharp?: ReturnType<typeof openSharp> } = {}

/**
 * Decodes a picture and writes it anew as WebP: its first frame, upright, without any metadata, at most
 * 4,096 pixels a side. Nothing of the bytes that came is in the bytes that go.
 */
export async function reEncode(bytes: Uint8Array): Promise<ReadyImage> {
  made.sharp ??= openSharp()
  const sharp = await made.sharp
  for (const { side, quality } of forms) {
    const image = sharp(bytes, { failOn: 'error', limitInputPixels: mostPixels, pages: 1 })
      .timeout({ seconds: timeoutS })
      .autoOrient()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .webp({ quality, effort: 3 })
    const { data, info } = await written(image)
    if (data.length > mostBytes) continue
    const { width, height } = info
    return { bytes: data, mediaType: 'image/webp', width, height }
  }
  throw new UnreadableImage('The picture is too large even when it is made smaller.')
}

async function written(image: Sharp) {
  try {
    return await image.toBuffer({ resolveWithObject: true })
  } catch (cause) {
    const { message } = cause as Error
    if (/pixel limit/i.test(message)) {
      throw new UnreadableImage('The picture has more than 40 million pixels.', { cause })
    }
    if (/timeout/i.test(message)) {
      throw new UnreadableImage('The picture takes too long to read.', { cause })
    }
    throw new UnreadableImage('The picture is damaged or is none.', { cause })
  }
}
