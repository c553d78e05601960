import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'

/** A plain picture in one of the three formats, of these sides. */
export const picture = (format: 'png' | 'jpeg' | 'webp', width = 40, height = 30) =>
  sharp({ create: { width, height, channels: 3, background: '#336699' } })
    .toFormat(format)
    .toBuffer()

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

const words = (...numbers: number[]) => {
  const data = Buffer.alloc(numbers.length * 4)
  for (const [at, number] of numbers.entries()) data.writeUInt32BE(number, at * 4)
  return data
}

/** A PNG by hand: what its header says need not be what it holds. */
export const handmadePng = (width: number, height: number, rows: Buffer, more: Buffer[] = []) =>
  Buffer.concat([
    signature,
    chunk('IHDR', Buffer.concat([words(width, height), Buffer.from([8, 0, 0, 0, 0])])),
    ...more,
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])

/** Some hundred bytes that say they are 2.5 billion pixels. */
export const bomb = () => handmadePng(50_000, 50_000, Buffer.alloc(100_000))

/** A PNG whose compressed text grows to 60 MB when it is read. */
export const textBomb = () => {
  const text = Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(6e7))])
  return handmadePng(2, 2, Buffer.alloc(6), [chunk('zTXt', text)])
}

/** An animated PNG of one frame. */
export const apng = () =>
  handmadePng(2, 2, Buffer.alloc(6), [
    chunk('acTL', words(1, 0)),
    chunk('fcTL', Buffer.concat([words(0, 2, 2, 0, 0), Buffer.from([0, 1, 0, 1, 0, 0])])),
  ])

export const animatedWebp = async () => {
  const frames = await Promise.all([picture('png'), picture('png')])
  return sharp(frames, { join: { animated: true } })
    .webp()
    .toBuffer()
}

/** With a place on earth, a script where a description stands, and turned on its side. */
export const tellingJpeg = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#336699' } })
    .withExif({
      IFD0: { ImageDescription: '<script>canary-exif</script>', Artist: 'canary-artist' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSLongitudeRef: 'W' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()

/** Of pixels that no coder can make small. */
export const noise = (side: number) => {
  const pixels = Buffer.alloc(side * side * 3)
  let state = 42
  for (let at = 0; at < pixels.length; at += 1) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    pixels[at] = state >>> 24
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
}
