import { join } from 'node:path'
import { type Child, firstLine, startChild } from './child.ts'

export type DemoProcesses = {
  sandboxUrl: string
  apiUrl: string
  /** Rejects when one of them ends by itself. */
  failed: Promise<never>
  stop: () => Promise<void>
}

type StartOptions = {
  folder: string
  /** The application's data folder. */
  dataFolder: string
  /** Folder of real posts for the sandbox to serve; null: its own made-up world. */
  world: string | null
  port: number
  firstRunPosts: number
  say: (line: string) => void
}

const sandboxListens = (line: string): string | null =>
  line.includes('"sandbox":"listening"') ? (JSON.parse(line) as { url: string }).url : null

const apiListens = (line: string): string | null =>
  /API listens on (http:\/\/[^\s"]+)/.exec(line)?.[1] ?? null

const workersReady = (line: string): true | null =>
  line.includes('workers are ready') ? true : null

/** The sandbox, the API and the workers as children, watched over and stopped in the opposite order. */
export async function startProcesses(options: StartOptions): Promise<DemoProcesses> {
  const { folder, say } = options
  const children: Child[] = []
  const stop = async () => {
    for (const child of children.toReversed()) await child.stop()
  }
  const start = (name: string, program: string, variables: Record<string, string>) => {
    const child = startChild(name, program, variables, folder)
    children.push(child)
    return child
  }
  try {
    const world = options.world ? { SANDBOX_WORLD: options.world } : {}
    const sandbox = start('sandbox', join('sandbox', 'main.ts'), { SANDBOX_PORT: '0', ...world })
    const sandboxUrl = await firstLine(sandbox, sandboxListens)
    say(`The sandbox plays the four platforms at ${sandboxUrl}`)
    const variables = {
      DATA_DIR: options.dataFolder,
      PLATFORM_URL: sandboxUrl,
      PORT: String(options.port),
      WORKER_PORT: '0',
      FIRST_RUN_POSTS: String(options.firstRunPosts),
      LOG_LEVEL: 'info',
      // The demo's people have made-up addresses: their mails stay here, where the demo reads them.
      SMTP_URL: '',
      REGISTRATION: 'open',
    }
    const api = start('api', join('src', 'main.ts'), variables)
    const apiUrl = await firstLine(api, apiListens)
    say(`The API answers at ${apiUrl}`)
    const workers = start('workers', join('workers', 'main.ts'), variables)
    await firstLine(workers, workersReady)
    say('The workers are ready')
    const failed = Promise.race(children.map((child) => child.failed))
    failed.catch(() => {})
    return { sandboxUrl, apiUrl, failed, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
