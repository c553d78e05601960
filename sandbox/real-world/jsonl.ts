import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { z } from 'zod'

const unzip = promisify(gunzip)

/** The unpacked text of a `.jsonl.gz` file, one JSON object a line; a folder may lack some. */
export async function readLines(folder: string, name: string): Promise<Buffer> {
  const path = join(folder, `${name}.jsonl.gz`)
  return existsSync(path) ? unzip(await readFile(path)) : Buffer.alloc(0)
}

/** Where each line starts and ends. */
export function* linesOf(text: Buffer): Generator<{ start: number; end: number }> {
  let start = 0
  while (start < text.length) {
    const found = text.indexOf(10, start)
    const end = found < 0 ? text.length : found
    if (end > start) yield { start, end }
    start = end + 1
  }
}

export const parseLine = <Row>(
  text: Buffer,
  start: number,
  end: number,
  row: z.ZodType<Row>,
): Row => row.parse(JSON.parse(text.toString('utf8', start, end)))

/** A file that is small enough to keep whole. */
export async function readRows<Row>(folder: string, name: string, row: z.ZodType<Row>) {
  const text = await readLines(folder, name)
  return [...linesOf(text)].map(({ start, end }) => parseLine(text, start, end, row))
}
