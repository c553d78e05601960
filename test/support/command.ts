import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

export type CommandEnd = {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

const program = resolve('src/cli/main.ts')
const { PATH = '' } = process.env

/** `npm run earshot -- ...` in a process that can be killed; its folder keeps the checkout's .env out. */
export function startCommand(args: string[], variables: Record<string, string>, folder: string) {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, ...args],
    {
      cwd: folder,
      env: { PATH, NODE_ENV: 'test', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let [out, err] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const end = once(child, 'close').then(
    ([code, signal]): CommandEnd => ({ code, signal, out, err }),
  )
  return { end, kill: () => void child.kill('SIGKILL') }
}

export const runCommand = (...given: Parameters<typeof startCommand>): Promise<CommandEnd> =>
  startCommand(...given).end
