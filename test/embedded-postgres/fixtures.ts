import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../src/database/embedded/index.ts'

type Opened = Omit<EmbeddedPostgres, 'close'>
type Message = { log?: string; opened?: Opened }

const script = fileURLToPath(new URL('user-process.ts', import.meta.url))

export const isRoot = process.geteuid?.() === 0
export const NOBODY = 65_534

/** Opens in this process, without waiting for disks. */
export const open = (folder: string, lines: string[] = []) =>
  openEmbeddedPostgres({ folder, log: (line) => lines.push(line), settings: { fsync: 'off' } })

export async function query<Row extends pg.QueryResultRow>(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

export async function readPid(folder: string): Promise<number> {
  const pointer = await readFile(join(folder, 'moved-to.json'), 'utf8').catch(() => null)
  const home = pointer ? JSON.parse(pointer).to : folder
  const text = await readFile(join(home, 'data', 'postmaster.pid'), 'utf8').catch(() => '0')
  return Number(text.split('\n')[0])
}

/** A second command: a process with its own life and, if wanted, another user. */
export function startUserProcess(folder: string, uid?: number) {
  const child: ChildProcess = spawn(process.execPath, [script, folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(uid ? { uid, gid: uid } : {}),
  })
  children.add(child)
  const exited = once(child, 'exit')
  const messages: Message[] = []
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  if (child.stdout) {
    createInterface(child.stdout).on('line', (line) => {
      messages.push(JSON.parse(line))
      child.emit('said')
    })
  }
  async function waitFor<T>(find: (message: Message) => T | undefined): Promise<T> {
    for (;;) {
      const found = messages.map(find).find((value) => value !== undefined)
      if (found !== undefined) return found
      await Promise.race([once(child, 'said'), exited])
      if (child.exitCode !== null) throw new Error(`the process ended: ${stderr}`)
    }
  }
  return {
    opened: () => waitFor((message) => message.opened),
    said: (text: string) => waitFor((message) => (message.log?.includes(text) ? true : undefined)),
    close: async () => {
      child.stdin?.end()
      await exited
      return { code: child.exitCode, stderr }
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

const children = new Set<ChildProcess>()
const folders = new Set<string>()

/** A folder for one test, which any user may enter unless it is private. */
export async function makeFolder(options: { isPrivate?: boolean } = {}): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'earshot-postgres-'))
  if (!options.isPrivate) await chmod(parent, 0o777)
  folders.add(parent)
  return join(parent, 'postgres')
}

/** For afterEach: whatever a test left running is stopped, also when it failed half-way. */
export async function cleanUp(): Promise<void> {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  for (const parent of folders) {
    const folder = join(parent, 'postgres')
    if ((await readPid(folder)) > 0) await (await open(folder)).close()
    const pointer = await readFile(join(folder, 'moved-to.json'), 'utf8').catch(() => null)
    if (pointer) await rm(JSON.parse(pointer).to, { recursive: true })
    await rm(parent, { recursive: true, force: true })
  }
  folders.clear()
}
