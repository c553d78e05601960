import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { until } from './until.ts'

export type WorkerProcess = {
  pid: number
  ready: () => Promise<void>
  hasEnded: () => boolean
  /** Sends the signal and waits until the process is gone. */
  kill: (signal?: NodeJS.Signals) => Promise<void>
  /** What it has written, for the person who reads a failure. */
  log: () => string
}

const program = resolve('workers/main.ts')
const { PATH = '' } = process.env

/** The workers as they run in production, in a process that can be killed. */
export function startWorkerProcess(
  variables: Record<string, string>,
  folder: string,
): WorkerProcess {
  // Its folder is a test's own: the checkout's .env stays out of it.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    cwd: folder,
    env: { PATH, NODE_ENV: 'test', WORKER_PORT: '0', LOG_LEVEL: 'info', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text
    })
  }
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return {
    pid: child.pid ?? 0,
    hasEnded,
    log: () => written,
    ready: async () => {
      await until('the workers are ready', () => {
        if (hasEnded()) throw new Error(`The workers ended by themselves:\n${written}`)
        return written.includes('workers are ready')
      })
    },
    kill: async (signal = 'SIGKILL') => {
      if (hasEnded()) return
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
  }
}
