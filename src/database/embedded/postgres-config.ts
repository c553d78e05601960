import { join } from 'node:path'
import type { RunAs } from './command.ts'
import { writePrivately } from './run-as.ts'

export type Settings = Record<string, string>

/** A laptop's share of memory; durability stays as PostgreSQL has it, since data lives here. */
const defaults: Settings = {
  max_connections: '200',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C', // the launcher reads the log
  logging_collector: 'on',
  log_directory: '../logs',
  log_filename: 'postgresql-%a.log', // a week of logs, each weekday overwriting its last
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  log_line_prefix: '%m [%p] %q%u@%d ',
  log_startup_progress_interval: '2s', // what a person sees while recovery takes long
}

/** These keep the server private to this machine, and findable; no caller may change them. */
const fixed = (port: number): Settings => ({
  listen_addresses: '127.0.0.1',
  port: `${port}`,
  unix_socket_directories: '', // a socket's path has a length limit that deep checkouts break
  password_encryption: 'scram-sha-256',
})

export async function writeConfig(
  dataFolder: string,
  options: { port: number; settings: Settings; owner: RunAs | null },
): Promise<void> {
  const all = { ...defaults, ...options.settings, ...fixed(options.port) }
  const lines = Object.entries(all).map(
    ([key, value]) => `${key} = '${value.replaceAll("'", "''")}'`,
  )
  const header = '# Written by Earshot at every start: changes made here are lost.'
  const write = (name: string, text: string[]) =>
    writePrivately(join(dataFolder, name), `${[header, ...text].join('\n')}\n`, options.owner)
  await write('postgresql.conf', lines)
  await write('pg_hba.conf', ['host all all 127.0.0.1/32 scram-sha-256'])
}
