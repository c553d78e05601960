import type { EntityManager } from '@mikro-orm/postgresql'
import { forWorkspace } from '../../database/database.ts'
import { rows, sql } from '../../database/sql.ts'
import type { WrappedKey } from '../../secrets/keyring.ts'
import {
  profilePlace,
  type SealedField,
  type SecretPlace,
  secondFactorPlace,
} from '../../secrets/sealed-secret.ts'

/** A kind of rows that hold a secret under a master key. */
export type SealedKind = 'profile' | 'second_factor'
export const sealedKinds: SealedKind[] = ['profile', 'second_factor']

/** Rows that one transaction can take: of one workspace, or of none. */
export type Group = { kind: SealedKind; workspaceId: string | null; ids: string[] }

export type SealedRow = WrappedKey & {
  kind: SealedKind
  id: string
  place: SecretPlace
  sealedFields: Record<string, SealedField>
}

type Place = { id: string; workspaceId: string | null }

/** The next rows on a key, by id; over all workspaces. */
export const findOnKey = (
  em: EntityManager,
  kind: SealedKind,
  { keyId, after, most }: { keyId: string; after: string; most: number },
): Promise<Place[]> =>
  kind === 'profile'
    ? rows(
        em,
        sql<Place>`select id::text as id, workspace_id::text as "workspaceId"
          from profiles_on_key(${keyId}, ${after}::bigint, ${most}::integer)`,
      )
    : rows(
        em,
        sql<Place>`select user_id::text as id, null as "workspaceId" from second_factors
          where key_id = ${keyId} and user_id > ${after}::bigint order by user_id limit ${most}`,
      )

export function groupsOf(kind: SealedKind, places: Place[]): Group[] {
  const byWorkspace = Map.groupBy(places, ({ workspaceId }) => workspaceId)
  return [...byWorkspace].map(([workspaceId, of]) => ({
    kind,
    workspaceId,
    ids: of.map(({ id }) => id),
  }))
}

/** An entity manager that sees the rows of this group. */
export const seeing = (em: EntityManager, { workspaceId }: Group): EntityManager =>
  workspaceId === null ? (em.fork() as EntityManager) : forWorkspace(em, workspaceId)

type Row = { id: string; key_id: string; wrapped_key: Uint8Array; sealed_fields: never }

/**
 * The group's rows that are still on this key, locked until the transaction ends. Those that somebody
 * else holds are left for the next pass.
 */
export async function lockOnKey(
  em: EntityManager,
  group: Group,
  keyId: string,
): Promise<SealedRow[]> {
  const found = await rows(
    em,
    group.kind === 'profile'
      ? sql<Row>`select id::text as id, key_id, wrapped_key, sealed_fields
          from credential_profiles where id = any (${group.ids}::bigint[]) and key_id = ${keyId}
          order by id for update skip locked`
      : sql<Row>`select user_id::text as id, key_id, wrapped_key, sealed_fields
          from second_factors where user_id = any (${group.ids}::bigint[]) and key_id = ${keyId}
          order by user_id for update skip locked`,
  )
  return found.map((row) => ({
    kind: group.kind,
    id: row.id,
    keyId: row.key_id,
    wrappedKey: Buffer.from(row.wrapped_key),
    sealedFields: row.sealed_fields,
    place: placeOf(group, row.id),
  }))
}

const placeOf = ({ workspaceId }: Group, id: string): SecretPlace =>
  workspaceId === null ? secondFactorPlace(id) : profilePlace({ workspaceId, profileId: id })

/** Only the wrapping changes: what is sealed, and when a row was changed, stay as they are. */
export async function writeWrapped(
  em: EntityManager,
  kind: SealedKind,
  wrapped: (WrappedKey & { id: string })[],
): Promise<void> {
  const ids = wrapped.map(({ id }) => id)
  const keyIds = wrapped.map(({ keyId }) => keyId)
  const keys = wrapped.map(({ wrappedKey }) => wrappedKey)
  const fresh = sql`unnest(${ids}::bigint[], ${keyIds}::text[], ${keys}::bytea[])
    as fresh (id, key_id, wrapped_key)`
  await rows(
    em,
    kind === 'profile'
      ? sql`update credential_profiles p set key_id = fresh.key_id, wrapped_key = fresh.wrapped_key
          from ${fresh} where p.id = fresh.id`
      : sql`update second_factors f set key_id = fresh.key_id, wrapped_key = fresh.wrapped_key
          from ${fresh} where f.user_id = fresh.id`,
  )
}
