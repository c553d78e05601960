import { readFile, readlink } from 'node:fs/promises'
import { runCommand } from './command.ts'
import { isCode } from './errors.ts'

/** A process id alone is not enough: ids are reused, surely so after a reboot. */
export type ProcessIdentity = { pid: number; startedAt: string | null }

async function readLinuxState(pid: number): Promise<{ state: string; ticks: string } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The second field is the program's name in brackets and may hold spaces and brackets itself.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, ticks] = [fields?.[0], fields?.[19]]
  return state && ticks ? { state, ticks } : null
}

const readBootId = async () =>
  (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim()

async function readStart(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const found = await readLinuxState(pid)
    return found && `${await readBootId()}/${found.ticks}`
  }
  if (process.platform === 'win32') return null
  return (await runCommand('/bin/ps', ['-o', 'lstart=', '-p', `${pid}`], { runAs: null })).output
}

export async function isAlive(pid: number): Promise<boolean> {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!isCode(error, 'EPERM')) return false
  }
  // In a container whose first process reaps no orphans, the dead stay listed as zombies.
  return process.platform !== 'linux' || (await readLinuxState(pid))?.state !== 'Z'
}

export const identifySelf = async (): Promise<ProcessIdentity> => ({
  pid: process.pid,
  startedAt: await readStart(process.pid),
})

export async function isStillRunning({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  if (!(await isAlive(pid))) return false
  const start = await readStart(pid)
  return startedAt === null || start === null || startedAt === start
}

/** Is this living process the PostgreSQL of this data folder, or a stranger with its old id? */
export async function isPostmasterOf(pid: number, dataFolder: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false
  if (process.platform === 'win32') return true
  if (process.platform === 'linux') {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null) // PostgreSQL lives in its data
    if (cwd) return cwd === dataFolder
  }
  const args = ['-o', 'args=', '-p', `${pid}`]
  return (await runCommand('/bin/ps', args, { runAs: null })).output.includes(dataFolder)
}
