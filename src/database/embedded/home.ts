import { createHash } from 'node:crypto'
import { access, chmod, mkdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunAs } from './command.ts'
import { EmbeddedPostgresError, isCode } from './errors.ts'
import { canEnter, findRunAs } from './run-as.ts'

/** Where root keeps what an unprivileged PostgreSQL must be able to reach. */
export const SYSTEM_FOLDER = '/var/lib/earshot'

/** The folder that really holds the database, and the user that PostgreSQL runs as. */
export type Home = { folder: string; data: string; logs: string; runAs: RunAs | null }

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return false
    throw error
  }
}

const pointerOf = (folder: string) => join(folder, 'moved-to.json')

async function readPointer(folder: string): Promise<string | null> {
  const text = await readFile(pointerOf(folder), 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return null
    throw error
  })
  if (text === null) return null
  const pointer = JSON.parse(text) as { from: string; to: string }
  // A renamed checkout keeps its database; a copy of one must not share the original's.
  const isCopy = pointer.from !== folder && (await exists(pointerOf(pointer.from)))
  return isCopy || !(await exists(pointer.to)) ? null : pointer.to
}

const homeAt = (folder: string, runAs: RunAs | null): Home => ({
  folder,
  data: join(folder, 'data'),
  logs: join(folder, 'logs'),
  runAs,
})

/** chmod too, because a umask of root's takes away what mkdir asks for. */
export async function openFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  await chmod(path, 0o755)
}

async function moveToSystemFolder(folder: string): Promise<string> {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  const to = join(SYSTEM_FOLDER, name)
  for (const path of [SYSTEM_FOLDER, to]) await openFolder(path)
  const pointer = `${JSON.stringify({ from: folder, to }, null, 2)}\n`
  await writeFile(pointerOf(folder), pointer, { flush: true })
  return to
}

/**
 * The requested folder, unless we are root and PostgreSQL's user cannot get there (a checkout under
 * /root): then a folder of the system's, and a pointer to it is left in the requested one.
 */
export async function locateHome(requested: string, log: (line: string) => void): Promise<Home> {
  const mode = process.geteuid?.() === 0 ? 0o755 : 0o700
  await mkdir(requested, { recursive: true, mode })
  const folder = await realpath(requested)
  const pointed = await readPointer(folder)
  const home = homeAt(pointed ?? folder, await findRunAs(join(pointed ?? folder, 'data')))
  if (!home.runAs || (await canEnter(home.folder, home.runAs))) return home
  if (pointed || (await exists(home.data))) {
    throw new EmbeddedPostgresError(
      `PostgreSQL runs as ${home.runAs.name}, who cannot reach ${home.folder}: ` +
        'let that user pass through the folders above it (chmod o+x), or set DATABASE_URL.',
    )
  }
  const moved = homeAt(await moveToSystemFolder(folder), home.runAs)
  log(`${home.runAs.name} cannot reach ${folder}, so the data is kept in ${moved.folder}`)
  return moved
}
