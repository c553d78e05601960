import pg from 'pg'
import type { OpenedDatabase } from './database.ts'
import { type Finding, fail, messageOf, ok, warn } from './finding.ts'

/** The connection that processes work with must stand under row-level security. */
export async function checkApplicationRole({ addresses }: OpenedDatabase): Promise<Finding> {
  const what = 'application role'
  const client = new pg.Client({
    connectionString: addresses.appUrl,
    connectionTimeoutMillis: 5_000,
    ...(addresses.role && { options: `-c role=${addresses.role}` }),
  })
  try {
    await client.connect()
    const { rows } = await client.query(
      `select rolname, rolsuper, rolbypassrls,
              (select count(*)::int from pg_class c
                where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace) as owned
         from pg_roles r where rolname = current_user`,
    )
    const { rolname, rolsuper, rolbypassrls, owned } = rows[0]
    const powers = [
      ...(rolsuper ? ['is a superuser'] : []),
      ...(rolbypassrls ? ['bypasses row-level security'] : []),
      ...(owned > 0 ? [`owns ${owned} relations`] : []),
    ]
    if (powers.length === 0) return ok(what, `${rolname}, under row-level security`)
    const advice = 'Let DATABASE_APP_URL log in as earshot_app or a plain member of it.'
    return fail(what, `${rolname} ${powers.join(' and ')}`, advice)
  } catch (error) {
    const advice = 'The login of DATABASE_URL must be a member of earshot_app: run `migrate`.'
    return fail(what, messageOf(error), advice)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Read before a workspace is known, so these stand outside. */
const identity = ['api_tokens', 'memberships', 'sessions']

export async function checkRowLevelSecurity({ owner }: OpenedDatabase): Promise<Finding> {
  const what = 'tenants apart'
  const { rows } = await owner.query(
    `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and c.relname <> all($1)`,
    [identity],
  )
  const open = rows.filter(({ forced }) => !forced).map(({ name }) => name)
  if (open.length === 0) return ownerFinding(owner, what, rows.length)
  const advice = 'alter table ... enable row level security, force row level security'
  return fail(what, `not enforced on ${open.join(', ')}`, advice)
}

/** Before PostgreSQL 16 an owner inherits the policies of the doors' role, unless told not to. */
async function ownerFinding(owner: pg.Client, what: string, tables: number): Promise<Finding> {
  const { rows } = await owner.query(
    `select not rolsuper and pg_has_role('earshot_system', 'usage') as inherits
       from pg_roles where rolname = current_user`,
  )
  const found = `row-level security forced on ${tables} tables`
  if (!rows[0].inherits) return ok(what, found)
  const advice = 'alter role ... noinherit, for the login of DATABASE_URL; or PostgreSQL 16'
  return warn(what, `${found}, but the owner inherits from earshot_system and sees all`, advice)
}
