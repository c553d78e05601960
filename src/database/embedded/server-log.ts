import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

async function readSizes(folder: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (const name of await readdir(folder)) sizes.set(name, (await stat(join(folder, name))).size)
  return sizes
}

const MOST_BYTES = 64 * 1024

async function readFrom(path: string, start: number): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const position = start > size ? 0 : Math.max(start, size - MOST_BYTES) // 0: it was overwritten
    const buffer = Buffer.alloc(Math.min(size - position, MOST_BYTES))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Remembers where the server's log files end now; the answer reads what was written since. */
export async function markServerLog(folder: string): Promise<() => Promise<string>> {
  const before = await readSizes(folder)
  return async () => {
    const parts: string[] = []
    for (const name of (await readdir(folder)).sort().reverse()) {
      parts.push(await readFrom(join(folder, name), before.get(name) ?? 0))
    }
    return parts.join('')
  }
}
