import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrations } from '../migrations/index.ts'
import { compose, type Parts } from '../src/compose.ts'
import { type Config, readConfig } from '../src/config/config.ts'
import { createLogger } from '../src/core/logger.ts'
import { openEmbeddedPostgres } from '../src/database/embedded/index.ts'
import { migrate } from '../src/database/migrate.ts'
import { entities } from '../src/entities.ts'

export type BenchEnvironment = {
  ownerUrl: string
  appUrl: string
  folder: string
  config: Config
  variables: Record<string, string>
  parts: Parts
  /** SQL as the superuser-like owner, without a workspace. */
  owner: pg.Client
  /** SQL around row-level security and, where it asks so, around triggers: for filling large worlds. */
  asSuperuser: () => Promise<pg.Client>
  /** SQL as the application in one workspace, for a whole session. */
  inWorkspace: (workspaceId: string) => Promise<pg.Client>
  close: () => Promise<void>
}

/** A PostgreSQL of its own in a temporary folder, with the settings that the product ships. */
export async function openBenchEnvironment(
  more: Record<string, string> = {},
  settings: Record<string, string> = {},
): Promise<BenchEnvironment> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'))
  // Under a private folder PostgreSQL, which may not be root, would keep its data elsewhere.
  await chmod(folder, 0o755)
  const log = createLogger({ level: 'silent', name: 'bench' })
  const home = join(folder, 'postgres')
  const server = await openEmbeddedPostgres({ folder: home, log: () => {}, settings })
  await migrate({ ownerUrl: server.ownerUrl, entities, migrations, log })
  const variables = {
    NODE_ENV: 'test',
    DATABASE_URL: server.ownerUrl,
    DATABASE_APP_URL: server.appUrl,
    DATA_DIR: folder,
    LOG_LEVEL: 'silent',
    ...more,
  }
  const config = readConfig(variables)
  const parts = await compose(config, { name: 'worker', log })
  const clients: pg.Client[] = []
  const connect = async (connectionString: string) => {
    const client = new pg.Client({ connectionString })
    await client.connect()
    clients.push(client)
    return client
  }
  const owner = await connect(server.ownerUrl)
  return {
    ownerUrl: server.ownerUrl,
    appUrl: server.appUrl,
    folder,
    config,
    variables,
    parts,
    owner,
    asSuperuser: async () => {
      const { postgres } = JSON.parse(await readFile(join(home, 'credentials.json'), 'utf8'))
      return connect(server.ownerUrl.replace(/\/\/[^@]+@/, `//postgres:${postgres}@`))
    },
    inWorkspace: async (workspaceId) => {
      const client = await connect(server.appUrl)
      await client.query(`select set_config('app.workspace_id', $1, false)`, [workspaceId])
      return client
    },
    close: async () => {
      for (const client of clients) await client.end()
      await parts.close()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
