import { spawn } from 'node:child_process'

/** The user that PostgreSQL runs as when we are root; it refuses to run as root itself. */
export type RunAs = { uid: number; gid: number; name: string }

export type CommandResult = { code: number | null; output: string }

/**
 * The environment is emptied: PGDATA, PGPORT and translated messages of the caller must not reach
 * PostgreSQL. Windows programs do not start without theirs.
 */
export const spawnOptions = (runAs: RunAs | null) => ({
  ...(process.platform === 'win32' ? {} : { env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } }),
  ...(runAs ? { uid: runAs.uid, gid: runAs.gid } : {}),
  windowsHide: true,
})

/** Runs a program to its end, away from the terminal's Ctrl-C; rejects only if it cannot start. */
export function runCommand(
  command: string,
  args: string[],
  options: { runAs: RunAs | null; cwd?: string },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...spawnOptions(options.runAs),
      ...(options.cwd ? { cwd: options.cwd } : {}),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
