import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { prepareBinaries } from './binaries.ts'
import { type Cluster, ensureData, hasData } from './cluster.ts'
import { readOrCreateCredentials } from './credentials.ts'
import { explainError } from './errors.ts'
import { withFileLock } from './file-lock.ts'
import { locateHome } from './home.ts'
import { countLiveLeases, takeLease } from './leases.ts'
import type { Settings } from './postgres-config.ts'
import { stopPostmaster } from './postmaster.ts'
import { DATABASE, ensureRoles } from './roles.ts'
import { ensureServer } from './server.ts'

export type EmbeddedPostgres = {
  /** For migrations: owns the database, may create others. */
  ownerUrl: string
  /** For the application: under row-level security, owns nothing. */
  appUrl: string
  port: number
  /** The server was running already: another command's, or one that outlived a killed command. */
  joined: boolean
  /** Gives the server back; the last living user stops it. May be called twice. */
  close: () => Promise<void>
}

export type EmbeddedPostgresOptions = {
  folder: string
  log: (line: string) => void
  /** PostgreSQL's own, in its notation (`{ fsync: 'off' }`); they hold from the next start on. */
  settings?: Settings
}

async function openUnderLock(
  home: Cluster['home'],
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const cluster: Cluster = {
    home,
    binaries: await prepareBinaries(home),
    credentials: await readOrCreateCredentials(home.folder, await hasData(home)),
    settings: options.settings ?? {},
    log: options.log,
  }
  await ensureData(cluster)
  // Before the start: if we are killed during it, the lease is dead and whoever comes next adopts.
  const leases = join(home.folder, 'leases')
  const lease = await takeLease(leases)
  const release = async () => {
    await rm(lease, { force: true })
    if ((await countLiveLeases(leases)) === 0) await stopPostmaster(cluster)
  }
  try {
    const server = await ensureServer(cluster)
    await ensureRoles(cluster, server.port)
    const urlOf = (role: 'earshot_owner' | 'earshot_app') =>
      `postgres://${role}:${cluster.credentials[role]}@127.0.0.1:${server.port}/${DATABASE}`
    let closing: Promise<void> | null = null
    const close = () => {
      closing ??= withFileLock(join(home.folder, 'lock'), options.log, release)
      return closing
    }
    return { ...server, ownerUrl: urlOf('earshot_owner'), appUrl: urlOf('earshot_app'), close }
  } catch (error) {
    await release()
    throw error
  }
}

/**
 * Makes, starts or joins the PostgreSQL that lives in `folder`, with a database and its roles, and
 * resolves when it answers. Rejects with an `EmbeddedPostgresError` that says what to do.
 */
export async function openEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  try {
    const home = await locateHome(options.folder, options.log)
    const lock = join(home.folder, 'lock')
    return await withFileLock(lock, options.log, () => openUnderLock(home, options))
  } catch (error) {
    throw explainError(error, options.folder)
  }
}
