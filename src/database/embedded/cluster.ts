import { chown, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { runCommand } from './command.ts'
import type { Credentials } from './credentials.ts'
import { EmbeddedPostgresError, explainOutput, isCode } from './errors.ts'
import { exists, type Home } from './home.ts'
import type { Settings } from './postgres-config.ts'
import { writePrivately } from './run-as.ts'

/** Everything that the steps of a start need to know. */
export type Cluster = {
  home: Home
  binaries: Binaries
  credentials: Credentials
  settings: Settings
  log: (line: string) => void
}

export const hasData = (home: Home) => exists(join(home.data, 'PG_VERSION'))

async function checkMajorVersion({ home, binaries }: Cluster): Promise<void> {
  const major = (await readFile(join(home.data, 'PG_VERSION'), 'utf8')).trim()
  if (major === `${binaries.major}`) return
  throw new EmbeddedPostgresError(
    `The database in ${home.folder} was made by PostgreSQL ${major}, and this is PostgreSQL ` +
      `${binaries.major}: dump it with the older one and load it into a new one, or move the folder ` +
      'away to start with an empty database, or set DATABASE_URL.',
  )
}

async function makeFolder(path: string, { runAs }: Home): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (runAs) await chown(path, runAs.uid, runAs.gid)
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('data.new-')) continue
    // An initdb whose parent was killed may still be writing there: then the next start removes it.
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => {})
  }
}

async function runInitdb(cluster: Cluster, data: string, passwordFile: string): Promise<void> {
  const { home, binaries, settings } = cluster
  const args = [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order and case rules on every machine, whatever locales it has installed.
    ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...(settings.fsync === 'off' ? ['--no-sync'] : []),
  ]
  const options = { runAs: home.runAs, cwd: home.folder }
  const { code, output } = await runCommand(binaries.initdb, args, options).catch(
    (error: unknown) => {
      if (!isCode(error, 'ENOENT')) throw error
      // The file is there; what is missing is the system's loader for it.
      throw new EmbeddedPostgresError(
        `${binaries.initdb} does not run on this system (it needs glibc, which Alpine Linux lacks): ` +
          'set DATABASE_URL to a PostgreSQL of your own.',
        { cause: error },
      )
    },
  )
  if (code !== 0) throw explainOutput('PostgreSQL could not make a database', output, home.folder)
}

/** Makes the database files beside their place and moves them there whole: a kill leaves no half. */
export async function ensureData(cluster: Cluster): Promise<void> {
  const { home, credentials, log } = cluster
  await makeFolder(home.logs, home)
  await removeUnfinished(home.folder)
  if (await hasData(home)) return checkMajorVersion(cluster)
  log(`making a new database in ${home.folder}`)
  const draft = join(home.folder, `data.new-${process.pid}-${Date.now()}`)
  const passwordFile = join(home.folder, 'superuser-password')
  try {
    await makeFolder(draft, home)
    await writePrivately(passwordFile, credentials.postgres, home.runAs)
    await runInitdb(cluster, draft, passwordFile)
    await rename(draft, home.data).catch((error: unknown) => {
      if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
      throw new EmbeddedPostgresError(
        `${home.data} is there but is no PostgreSQL database (half-deleted?): move it away.`,
      )
    })
  } finally {
    await rm(passwordFile, { force: true })
    await rm(draft, { recursive: true, force: true })
  }
}
