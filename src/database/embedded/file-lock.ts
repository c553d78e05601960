import { randomUUID } from 'node:crypto'
import { link, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EmbeddedPostgresError, isCode } from './errors.ts'
import { identifySelf, isStillRunning, type ProcessIdentity } from './process-identity.ts'

type Holder = ProcessIdentity & { token: string }

const POLL_MS = 25
const PATIENCE_MS = 600_000
const ABANDONED_MS = 2_000
const REMAINS_MS = 60_000

/** A power failure can leave an empty file behind: nobody holds that. */
const unreadable: Holder = { pid: 0, startedAt: null, token: 'unreadable' }

async function readHolder(path: string): Promise<Holder | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return null
    throw error
  })
  try {
    return text === null ? null : (JSON.parse(text) as Holder)
  } catch {
    return unreadable
  }
}

/** Linking a written file into place is atomic and fails if the name is taken, on every system. */
async function tryTake(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${holder.token}`
  await writeFile(draft, JSON.stringify(holder), { mode: 0o644 })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await unlink(draft)
  }
}

/**
 * Removes a dead holder's lock. The file named after its token lets one process only do so: a slower
 * one that judged the same dead holder could otherwise remove the lock of the next, living one.
 */
async function breakLock(path: string, dead: Holder): Promise<void> {
  const claim = `${path}.${dead.token}.broken`
  try {
    await writeFile(claim, '', { flag: 'wx' })
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
    const claimed = await stat(claim).catch(() => null)
    if (claimed && Date.now() - claimed.mtimeMs < ABANDONED_MS) return
  }
  if ((await readHolder(path))?.token === dead.token) await unlink(path)
  await sweepRemains(path)
}

/** Old claims, and drafts of processes killed in between. Young ones may still be needed. */
async function sweepRemains(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue
    const remains = join(dirname(path), name)
    const found = await stat(remains).catch(() => null)
    if (found && Date.now() - found.mtimeMs > REMAINS_MS) await rm(remains, { force: true })
  }
}

/** Runs `work` while no other process (or call) runs under the same lock; a kill -9 frees it. */
export async function withFileLock<T>(
  path: string,
  log: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const holder = { ...(await identifySelf()), token: randomUUID() }
  const started = Date.now()
  let told = false
  while (!(await tryTake(path, holder))) {
    const other = await readHolder(path)
    if (other && !(await isStillRunning(other))) {
      await breakLock(path, other)
    }
    const waitedMs = Date.now() - started
    if (waitedMs > PATIENCE_MS) {
      throw new EmbeddedPostgresError(
        `Process ${other?.pid} has held ${path} for ten minutes: stop it, then try again.`,
      )
    }
    if (other && waitedMs > 1_000 && !told) {
      log(`waiting for process ${other.pid}, which is starting or stopping PostgreSQL`)
      told = true
    }
    await delay(POLL_MS)
  }
  try {
    return await work()
  } finally {
    if ((await readHolder(path))?.token === holder.token) await unlink(path)
  }
}
