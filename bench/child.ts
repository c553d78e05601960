import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export type BenchChild = { matched: string; pid: number; stop: () => Promise<void> }

/** Starts one of our programs and waits for the line that says it is ready; `ready` keeps its 1st group. */
export async function startProgram(
  program: string[],
  variables: Record<string, string>,
  ready: RegExp,
): Promise<BenchChild> {
  const child = spawn(process.execPath, program, {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const closed = once(child, 'close')
    child.kill('SIGTERM')
    await closed
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const found = ready.exec(line)
    if (!found) continue
    child.stdout.resume()
    return { matched: found[1] ?? found[0], pid: child.pid ?? 0, stop }
  }
  throw new Error(`${program.join(' ')} ended before it was ready`)
}
