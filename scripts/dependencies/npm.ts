import { spawn } from 'node:child_process'
import { once } from 'node:events'

export type NpmAnswer = { code: number | null; stdout: string }

/** Of the whole lockfile, also where NODE_ENV would leave a part of it out. */
export const wholeBill = [
  'sbom',
  '--sbom-format=cyclonedx',
  '--package-lock-only',
  '--include=dev',
  '--include=optional',
]

const windows = process.platform === 'win32'

/** Runs npm and gives what it printed: its answer in JSON, also when it ends with 1. */
export async function npm(args: string[], cwd = '.'): Promise<NpmAnswer> {
  const child = spawn(windows ? 'npm.cmd' : 'npm', args, {
    cwd,
    shell: windows,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout }
}
