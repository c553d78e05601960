import { type ChildProcess, spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import { spawnOptions } from './command.ts'
import { explainOutput } from './errors.ts'
import { choosePort } from './port.ts'
import { writeConfig } from './postgres-config.ts'
import { findPostmaster } from './postmaster.ts'
import { waitUntilReady } from './readiness.ts'
import { markServerLog } from './server-log.ts'

const RETRY_MS = 100
const ORPHANS_PATIENCE_MS = 60_000

/** In a session of its own: a Ctrl-C meant for us, or our end, does not reach it. */
async function spawnPostmaster({ home, binaries }: Cluster): Promise<ChildProcess> {
  const startup = await open(join(home.logs, 'startup.log'), 'w') // until the collector takes over
  try {
    const child = spawn(binaries.postgres, ['-D', home.data], {
      ...spawnOptions(home.runAs),
      cwd: home.folder,
      detached: true,
      stdio: ['ignore', startup.fd, startup.fd],
    })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    return child
  } finally {
    await startup.close()
  }
}

async function tryStart(cluster: Cluster, port: number): Promise<{ ready: boolean; said: string }> {
  const { home, settings } = cluster
  await writeConfig(home.data, { port, settings, owner: home.runAs })
  const readLog = await markServerLog(home.logs)
  const child = await spawnPostmaster(cluster)
  const isGone = async () => child.exitCode !== null || child.signalCode !== null
  const ready = await waitUntilReady(cluster, port, { isGone, readLog })
  return { ready, said: await readLog() }
}

async function start(cluster: Cluster): Promise<number> {
  const started = Date.now()
  const takenPorts: number[] = []
  for (;;) {
    const port = await choosePort(cluster.home.folder, takenPorts)
    const { ready, said } = await tryStart(cluster, port)
    if (ready) return port
    if (said.includes('Address already in use') && takenPorts.length < 5) {
      takenPorts.push(port) // somebody was faster between our check and the start
      continue
    }
    // Sessions of a killed server notice within moments that it is gone; a long query takes longer.
    const hasOrphans = said.includes('pre-existing shared memory block')
    if (!hasOrphans || Date.now() - started > ORPHANS_PATIENCE_MS) {
      throw explainOutput('PostgreSQL did not start', said, cluster.home.folder)
    }
    await delay(RETRY_MS)
  }
}

/** Joins the server of this data folder if it lives, whoever started it; else starts it. */
export async function ensureServer(cluster: Cluster): Promise<{ port: number; joined: boolean }> {
  const { home } = cluster
  const found = await findPostmaster(home.data)
  if (found) {
    const isGone = async () => (await findPostmaster(home.data))?.pid !== found.pid
    const readLog = await markServerLog(home.logs)
    if (await waitUntilReady(cluster, found.port, { isGone, readLog })) {
      return { port: found.port, joined: true }
    }
  }
  return { port: await start(cluster), joined: false }
}
