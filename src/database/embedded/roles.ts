import pg from 'pg'
import type { Cluster } from './cluster.ts'
import { superuserConfig } from './postmaster.ts'

export const DATABASE = 'earshot'

const createRole = (name: string, attributes: string) => `
  do $$ begin
    if not exists (select from pg_roles where rolname = '${name}') then
      create role ${name} ${attributes};
    end if;
  end $$`

/**
 * Three roles, none a superuser. The owner migrates, and makes the databases of the tests; the
 * application role owns nothing and has no way around row-level security; `earshot_system` logs in
 * nowhere and exists for migrations to make it the owner of narrow SECURITY DEFINER functions.
 * May run again at any time: a kill between initdb and here is healed by the next start.
 */
export async function ensureRoles(cluster: Cluster, port: number): Promise<void> {
  const { earshot_owner: ownerPassword, earshot_app: appPassword } = cluster.credentials
  const plain = 'nosuperuser nobypassrls noreplication'
  const client = new pg.Client(superuserConfig(cluster, port))
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      DATABASE,
    ])
    if (rowCount) return // the last step is there, so all the others are
    await client.query(
      createRole('earshot_owner', `login createdb createrole ${plain} password '${ownerPassword}'`),
    )
    await client.query(createRole('earshot_app', `login ${plain} password '${appPassword}'`))
    await client.query(createRole('earshot_system', `nologin ${plain}`))
    // set: act as them in migrations and tests; not inherit: their rights come only when asked for.
    await client.query(
      'grant earshot_app, earshot_system to earshot_owner with admin true, inherit false, set true',
    )
    await client.query('grant pg_signal_backend, pg_read_all_stats to earshot_owner')
    await client.query(`create database ${DATABASE} owner earshot_owner`)
  } finally {
    await client.end()
  }
}
