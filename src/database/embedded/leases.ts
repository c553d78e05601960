import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { identifySelf, isStillRunning, type ProcessIdentity } from './process-identity.ts'

/** One file for each user of the server; the last to go stops it. All calls are under the lock. */
export async function takeLease(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${process.pid}-${randomUUID()}.json`)
  await writeFile(path, JSON.stringify(await identifySelf()), { mode: 0o644 })
  return path
}

async function isLive(path: string): Promise<boolean> {
  try {
    return await isStillRunning(JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity)
  } catch {
    return false // cut short by a kill or a full disk: nobody was told that it holds a lease
  }
}

/** Removes the leases of processes that ended without saying so, and counts the others. */
export async function countLiveLeases(folder: string): Promise<number> {
  let live = 0
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (await isLive(path)) live += 1
    else await rm(path, { force: true })
  }
  return live
}
