import {
  type EntityManager,
  LockMode,
  UniqueConstraintViolationException,
} from '@mikro-orm/postgresql'
import { z } from 'zod'
import { AppError, notFound } from '../../core/errors.ts'
import { decodeCursor, encodeCursor } from '../../core/paging.ts'
import { firstRow, sql } from '../../database/sql.ts'
import type { SealedSecret } from '../../secrets/sealed-secret.ts'
import {
  type CredentialProfile,
  CredentialProfileEntity,
  type FieldHint,
} from './credential-profile.entity.ts'
import type { ProfileFilter } from './credentials.schemas.ts'

/** The next id, taken before the row is written: sealed fields are bound to it. */
export async function reserveProfileId(em: EntityManager): Promise<string> {
  const row = await firstRow(
    em,
    sql<{ id: string }>`select nextval(pg_get_serial_sequence('credential_profiles', 'id')) as id`,
  )
  if (!row) throw new Error('The database gave no id')
  return String(row.id)
}

export type NewProfile = SealedSecret & {
  id: string
  workspaceId: string
  platform: string
  name: string
  hints: Record<string, FieldHint>
  limits: Record<string, number>
}

export async function insertProfile(em: EntityManager, input: NewProfile, now: Date) {
  const profile = em.create(CredentialProfileEntity, {
    ...input,
    state: 'active',
    unauthorizedCount: 0,
    createdAt: now,
    updatedAt: now,
  })
  await flushNamed(em, input)
  return profile
}

/** Writes a profile; its name may be taken. */
export async function flushNamed(
  em: EntityManager,
  { platform, name }: { platform: string; name: string },
): Promise<void> {
  try {
    await em.flush()
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const message = `There is already a ${platform} profile with the name '${name}'`
    throw new AppError('conflict', message, {
      fields: [{ in: 'body', pointer: '/name', message }],
    })
  }
}

/** A profile as it is now, or null. */
export const findProfile = (em: EntityManager, id: string): Promise<CredentialProfile | null> =>
  em.transactional((inner) =>
    inner.findOne(CredentialProfileEntity, { id }, { disableIdentityMap: true }),
  )

/** A profile to change, locked until the transaction ends: two changes of it queue up. */
export async function lockProfile(em: EntityManager, id: string): Promise<CredentialProfile> {
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
  const profile = await em.findOne(CredentialProfileEntity, { id }, options)
  if (!profile) throw notFound('Profile')
  return profile
}

export async function countSources(em: EntityManager, profileId: string): Promise<number> {
  const row = await firstRow(
    em,
    sql<{ sources: string }>`select count(*) as sources from sources
      where profile_id = ${profileId}::bigint`,
  )
  return Number(row?.sources ?? 0)
}

const Cursor = z.tuple([z.string().regex(/^[1-9]\d{0,18}$/)])

/** Newest first: the identity grows with creation. */
export async function findProfiles(em: EntityManager, filter: ProfileFilter) {
  const [before] = filter.cursor ? decodeCursor(filter.cursor, Cursor) : [null]
  const found = await em.transactional((inner) =>
    inner.find(
      CredentialProfileEntity,
      {
        ...(filter.platform && { platform: filter.platform }),
        ...(before && { id: { $lt: before } }),
      },
      { orderBy: { id: 'desc' }, limit: filter.limit + 1, disableIdentityMap: true },
    ),
  )
  const items = found.slice(0, filter.limit)
  const last = items.at(-1)
  return { items, nextCursor: found.length > filter.limit && last ? encodeCursor([last.id]) : null }
}
