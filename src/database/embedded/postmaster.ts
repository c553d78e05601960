import { readFile, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Cluster } from './cluster.ts'
import { runCommand } from './command.ts'
import { explainOutput, isCode } from './errors.ts'
import { isAlive, isPostmasterOf } from './process-identity.ts'

/** The server process, as its own postmaster.pid describes it. */
export type Postmaster = { pid: number; port: number }

/** Answers of a server that is there but does not let anyone in yet (or any more). */
const CANNOT_CONNECT_NOW = '57P03'

export type Probe = 'ready' | 'starting' | 'refused' | 'denied'

export const superuserConfig = ({ credentials }: Cluster, port: number): pg.ClientConfig => ({
  host: '127.0.0.1',
  port,
  user: 'postgres',
  password: credentials.postgres,
  database: 'postgres',
  connectionTimeoutMillis: 5_000,
})

/** The living server of this data folder. A stale postmaster.pid is removed on the way. */
export async function findPostmaster(dataFolder: string): Promise<Postmaster | null> {
  const path = join(dataFolder, 'postmaster.pid')
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return null
    throw error
  })
  if (text === null) return null
  const lines = text.split('\n')
  const found = { pid: Number(lines[0]) || 0, port: Number(lines[3]) || 0 }
  if (await isPostmasterOf(found.pid, dataFolder)) return found
  // PostgreSQL removes it itself, but not where the file is empty (a crash, a full disk), or where
  // the old id now is another program's or a zombie's.
  await rm(path, { force: true })
  return null
}

/** Asks whoever listens at the port whether it is the server of our data folder. */
export async function probe(cluster: Cluster, port: number): Promise<Probe> {
  const client = new pg.Client(superuserConfig(cluster, port))
  client.on('error', () => {}) // a server that dies under the probe is an answer, not a crash
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    const answered = rows[0]?.data_directory
    return answered && (await realpath(answered)) === cluster.home.data ? 'ready' : 'denied'
  } catch (error) {
    if (isCode(error, CANNOT_CONNECT_NOW)) return 'starting'
    return isCode(error, '28P01', '28000') ? 'denied' : 'refused'
  } finally {
    await client.end().catch(() => {})
  }
}

/** Ends every session, writes everything down, and waits until the server is gone. */
export async function stopPostmaster({ home, binaries, log }: Cluster): Promise<void> {
  const running = await findPostmaster(home.data)
  if (!running) return
  const stop = (mode: string) =>
    runCommand(
      binaries.pgCtl,
      ['stop', `--pgdata=${home.data}`, `--mode=${mode}`, '--wait', '--timeout=60'],
      { runAs: home.runAs, cwd: home.folder },
    )
  if ((await stop('fast')).code === 0) return
  if (!(await isAlive(running.pid))) return
  log('PostgreSQL takes long to stop; ending it at once, it will recover at the next start')
  const { code, output } = await stop('immediate')
  if (code !== 0) throw explainOutput('PostgreSQL did not stop', output, home.folder)
}
