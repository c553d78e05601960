import type pg from 'pg'
import { startSandbox } from '../../sandbox/index.ts'
import {
  openSecret,
  profilePlace,
  sealSecret,
  secondFactorPlace,
} from '../../src/secrets/sealed-secret.ts'
import { type SignedIn, startTestApp } from './app.ts'
import { type CommandEnd, runCommand, startCommand } from './command.ts'
import { asOwner } from './servers.ts'

export type KeyRow = { kind: string; id: string; keyId: string; sealed: string; changed: string }

/** The API with a sandbox behind it, keys in secrets.json, and the commands beside it. */
export async function openKeysStage(variables: Record<string, string> = {}) {
  const sandbox = await startSandbox({ port: 0 })
  const app = await startTestApp({ variables: { PLATFORM_URL: sandbox.url, ...variables } })
  const person = await app.signIn()
  const folder = app.parts.config.dataFolder
  const environment = { DATABASE_URL: app.ownerUrl, DATA_DIR: folder, ...variables }
  /** Past row-level security, as whoever holds the database. */
  const ask = <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
    asOwner(app.ownerUrl, async (client) => {
      await client.query('begin')
      for (const table of ['credential_profiles', 'audit_log']) {
        await client.query(`alter table ${table} no force row level security`)
      }
      const { rows } = await client.query<Row>(text, values)
      for (const table of ['credential_profiles', 'audit_log']) {
        await client.query(`alter table ${table} force row level security`)
      }
      await client.query('commit')
      return rows
    })
  return {
    app,
    sandbox,
    person,
    ask,
    keys: (...args: string[]): Promise<CommandEnd> =>
      runCommand(['keys', ...args], environment, folder),
    keysWith: (more: Record<string, string>, ...args: string[]): Promise<CommandEnd> =>
      runCommand(['keys', ...args], { ...environment, ...more }, folder),
    startKeys: (...args: string[]) => startCommand(['keys', ...args], environment, folder),
    /** A profile's row as the application sees it: waits for nobody's lock. */
    peek: (id: string, workspaceId: string) =>
      asOwner(app.ownerUrl, async (client) => {
        await client.query('set role earshot_app')
        await client.query(`select set_config('app.workspace_id', $1, false)`, [workspaceId])
        return (await client.query('select * from credential_profiles where id = $1', [id])).rows[0]
      }),
    /** What a profile's secret opens to. */
    credentials: async (id: string) => {
      const [row] = await ask('select * from credential_profiles where id = $1', [id])
      const owner = { workspaceId: row?.workspace_id ?? '', profileId: id }
      const sealed = {
        keyId: row?.key_id,
        wrappedKey: row?.wrapped_key,
        sealedFields: row?.sealed_fields,
      }
      return openSecret(app.parts.keyring, profilePlace(owner), sealed)
    },
    rows: () => ask<KeyRow>(sealedRows),
    addTwitch: (name: string, who: SignedIn = person) => addTwitch(who, name),
    verify: async (id: string, who: SignedIn = person): Promise<boolean> => {
      const { body } = await who.call('POST', `/api/profiles/${id}/verify`)
      return (body as { ok: boolean }).ok
    },
    /** A seed of one-time codes, sealed for this person as signing up for them does. */
    addSecondFactor: async (seed: string): Promise<string> => {
      const [user] = await ask<{ id: string }>('select id from users where email = $1', [
        person.email,
      ])
      const userId = user?.id ?? ''
      const sealed = sealSecret(app.parts.keyring, secondFactorPlace(userId), { seed })
      await ask(
        `insert into second_factors (user_id, key_id, wrapped_key, sealed_fields, created_at)
         values ($1, $2, $3, $4, now())`,
        [userId, sealed.keyId, sealed.wrappedKey, JSON.stringify(sealed.sealedFields)],
      )
      return userId
    },
    close: async () => {
      await app.close()
      await sandbox.close()
    },
  }
}
export type KeysStage = Awaited<ReturnType<typeof openKeysStage>>

const sealedRows = `
  select 'profile' as kind, id::text as id, key_id as "keyId", sealed_fields::text as sealed,
    updated_at::text as changed from credential_profiles
  union all
  select 'second_factor', user_id::text, key_id, sealed_fields::text, created_at::text
    from second_factors order by 1, 2`

async function addTwitch(who: SignedIn, name: string): Promise<string> {
  const credentials = { clientId: `sandbox-${name}`, clientSecret: `sandbox-secret-${name}-long` }
  const input = { platform: 'twitch', name, credentials }
  const { status, body } = await who.call('POST', '/api/profiles', input)
  if (status !== 201) throw new Error(`a profile answered ${status} ${JSON.stringify(body)}`)
  return (body as { id: string }).id
}
