import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import { explainOutput } from './errors.ts'
import { type Probe, probe } from './postmaster.ts'

const POLL_MS = 15
const PATIENCE_MS = 60_000
const DENIED_PATIENCE_MS = 5_000
const TELL_EVERY_MS = 5_000

type Watched = { isGone: () => Promise<boolean>; readLog: () => Promise<string> }

function failure(cluster: Cluster, port: number, answer: Probe, said: string) {
  const what =
    answer === 'denied'
      ? `The server at port ${port} does not know the passwords in ${cluster.home.folder}`
      : `PostgreSQL did not answer at port ${port} within ${PATIENCE_MS / 1_000} s`
  return explainOutput(what, said, cluster.home.folder)
}

/** Tells, once and then every few seconds, that the server is replaying its log after a crash. */
function recoveryTeller({ log }: Cluster, readLog: Watched['readLog']) {
  const started = Date.now()
  let toldAt = 0
  return async (answer: Probe) => {
    const said = await readLog()
    const elapsedMs = Date.now() - started
    // A server that we found starting said why before we came.
    const isSlow = answer === 'starting' && elapsedMs > 1_000
    if (toldAt === 0 && (isSlow || /was interrupted|not properly shut down/.test(said))) {
      log('PostgreSQL was not stopped properly the last time: recovering…')
      toldAt = Date.now()
    } else if (isSlow && Date.now() - toldAt > TELL_EVERY_MS) {
      const progress = said.match(/redo in progress[^\n]*/g)?.at(-1) ?? ''
      log(`still recovering, ${Math.round(elapsedMs / 1_000)} s ${progress}`.trim())
      toldAt = Date.now()
    }
  }
}

/** True once it lets us in, false when it is gone. While it says "starting up", it has its time. */
export async function waitUntilReady(
  cluster: Cluster,
  port: number,
  { isGone, readLog }: Watched,
): Promise<boolean> {
  const tellRecovery = recoveryTeller(cluster, readLog)
  let lastSign = Date.now()
  while (!(await isGone())) {
    const answer = await probe(cluster, port)
    await tellRecovery(answer)
    if (answer === 'ready') return true
    if (answer === 'starting') lastSign = Date.now()
    const patience = answer === 'denied' ? DENIED_PATIENCE_MS : PATIENCE_MS
    if (Date.now() - lastSign > patience) throw failure(cluster, port, answer, await readLog())
    await delay(POLL_MS)
  }
  return false
}
