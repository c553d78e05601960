import { readFile } from 'node:fs/promises'
import type pg from 'pg'

/**
 * Milliseconds that these processes were ready to run and had no processor, since they began: Linux
 * alone tells it (/proc/PID/schedstat, the second number, in nanoseconds); elsewhere it is 0.
 */
async function waitedMs(pids: readonly number[]): Promise<number> {
  const told = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').catch(() => '')
      return Number(text.split(' ')[1] ?? 0) / 1_000_000
    }),
  )
  return told.reduce((total, one) => total + one, 0)
}

/** The application's connections, each of which is a process. */
async function backends(superuser: pg.Client): Promise<number[]> {
  const { rows } = await superuser.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = 'earshot'`,
  )
  return rows.map(({ pid }) => pid)
}

/**
 * Runs `work` and says how long its processes stood in line for a processor meanwhile: on a machine
 * that others use, what is left of the time is nearer to what the machine alone would have needed.
 */
export async function withWait<T>(
  superuser: pg.Client,
  apiPid: number,
  work: () => Promise<T>,
): Promise<{ answer: T; waitedMs: number }> {
  const pids = [process.pid, apiPid, ...(await backends(superuser))]
  const before = await waitedMs(pids)
  const answer = await work()
  return { answer, waitedMs: (await waitedMs(pids)) - before }
}
