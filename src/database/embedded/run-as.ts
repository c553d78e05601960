import { chown, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { type RunAs, runCommand } from './command.ts'
import { EmbeddedPostgresError, isCode } from './errors.ts'

const isRoot = () => process.geteuid?.() === 0

async function findOwner(folder: string): Promise<RunAs | null> {
  try {
    const { uid, gid } = await stat(folder)
    return uid === 0 ? null : { uid, gid, name: `user ${uid}` }
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

async function findUnprivilegedUser(): Promise<RunAs | null> {
  // initdb asks the system for its user's name, so a bare number is not enough.
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n')
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , uid, gid] = lines.find((line) => line.startsWith(`${wanted}:`))?.split(':') ?? []
    if (name && Number(uid) > 0) return { uid: Number(uid), gid: Number(gid), name }
  }
  return null
}

/** Null means "as ourselves". Data that exists keeps its owner, whoever starts it. */
export async function findRunAs(dataFolder: string): Promise<RunAs | null> {
  if (!isRoot()) return null
  const user = (await findOwner(dataFolder)) ?? (await findUnprivilegedUser())
  if (user) return user
  throw new EmbeddedPostgresError(
    'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody" ' +
      'to run it as: create one (useradd --system postgres), run as another user, or set DATABASE_URL.',
  )
}

/** Asked of the system, not computed from modes: access lists and mounts have a say too. */
export async function canEnter(folder: string, runAs: RunAs): Promise<boolean> {
  try {
    const args = ['-c', 'cd "$1"', 'sh', folder]
    return (await runCommand('/bin/sh', args, { runAs, cwd: '/' })).code === 0
  } catch (error) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and this system does not let root act as ${runAs.name}: ` +
        'run as another user, or set DATABASE_URL.',
      { cause: error },
    )
  }
}

/** Replaces a private file at once, so that nobody ever reads half of it. */
export async function writePrivately(path: string, text: string, owner: RunAs | null) {
  const draft = `${path}.${process.pid}.tmp`
  await writeFile(draft, text, { mode: 0o600, flush: true })
  if (owner) await chown(draft, owner.uid, owner.gid)
  await rename(draft, path)
}
