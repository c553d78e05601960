import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { childEnvironment } from '../../config/config.ts'

export type Child = {
  name: string
  process: ChildProcess
  /** Settles only when the process ends before it was told to, with the reason. */
  failed: Promise<never>
  stop: () => Promise<void>
}

const patienceMs = 30_000

/** Starts one of our own programs; what it prints goes to a log file beside the demo's data. */
export function startChild(
  name: string,
  program: string,
  variables: Record<string, string>,
  folder: string,
): Child {
  const logFile = join(folder, `${name}.log`)
  const child = spawn(process.execPath, [program], {
    env: childEnvironment(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createWriteStream(logFile)
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  let stopping = false
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('close', async (code, signal) => {
      log.end()
      if (stopping) return
      const tail = (await readFile(logFile, 'utf8').catch(() => ''))
        .split('\n')
        .slice(-12)
        .join('\n')
      reject(new Error(`The ${name} ended by itself (${signal ?? code}). Its last words:\n${tail}`))
    })
  })
  failed.catch(() => {})
  const stop = async () => {
    stopping = true
    if (child.exitCode !== null || child.signalCode !== null) return
    const closed = once(child, 'close')
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
    await closed
    clearTimeout(timer)
  }
  return { name, process: child, failed, stop }
}

/** The first line of the child's output that `read` understands. */
export async function firstLine<T>(child: Child, read: (line: string) => T | null): Promise<T> {
  const found = new Promise<T>((resolve) => {
    let rest = ''
    const onData = (chunk: Buffer) => {
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const value = read(line)
        if (value === null) continue
        child.process.stdout?.off('data', onData)
        resolve(value)
        return
      }
    }
    child.process.stdout?.on('data', onData)
  })
  return Promise.race([found, child.failed])
}
