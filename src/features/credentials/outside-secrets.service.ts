import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import type { ProfileOwner } from '../../secrets/sealed-secret.ts'
import type { KeptSecret, SecretStore } from '../../secrets/stores/secret-store.ts'
import type { CredentialProfile } from './credential-profile.entity.ts'
import {
  announceSecret,
  type OutsideSecret,
  postponeSecret,
  settleSecret,
  takeDueSecret,
} from './outside-secrets.repository.ts'

type Needs = Pick<Context, 'em' | 'log' | 'secretStores'>

/**
 * Keeps fields and writes the row that says where. A store outside knows no transactions: what is put
 * there is announced first, so that neither a crash nor a rollback leaves anything there for ever.
 */
export async function keepWithRow<T>(
  ctx: Pick<Context, 'em'>,
  { owner, store, fields }: { owner: ProfileOwner; store: SecretStore; fields: KeptFields },
  write: (em: EntityManager, kept: KeptSecret) => Promise<T>,
): Promise<T> {
  const ref = store.refOf(owner)
  const outside = ref === null ? null : { store: store.name, ref }
  if (outside) await announceSecret(ctx.em, outside)
  const kept = await store.keep(owner, fields)
  // What fails from here on leaves the announcement: a worker removes what no row needs, later.
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    if (outside) await settleSecret(em, outside)
    return write(em, kept)
  })
}
type KeptFields = Record<string, string>

/** Where outside a profile's secret lies: the name alone, for all of its versions; null: in its row. */
export const outsideOf = ({ secretStore, secretRef }: CredentialProfile): OutsideSecret | null =>
  secretRef ? { store: secretStore, ref: secretRef.split('#')[0] ?? secretRef } : null

/** kept: a row needs it after all. */
export type Removal = { removed: number; kept: number; postponed: number }

/** Removes what is due, and what no row needs, from the stores outside: one at a time, each in a transaction of its own. */
export async function removeDueSecrets(
  ctx: Needs,
  only: OutsideSecret | null = null,
): Promise<Removal> {
  const removal: Removal = { removed: 0, kept: 0, postponed: 0 }
  for (;;) {
    const outcome = await removeNext(ctx, only)
    if (outcome === null) return removal
    removal[outcome] += 1
  }
}

const removeNext = (ctx: Needs, only: OutsideSecret | null) =>
  ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const due = await takeDueSecret(em, only)
    if (!due) return null
    try {
      if (!due.needed) await ctx.secretStores.byName(due.store).remove(due.ref)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      ctx.log.warn({ error: error.message }, 'a secret outside is removed later')
      await postponeSecret(em, due)
      return 'postponed'
    }
    await settleSecret(em, due)
    return due.needed ? 'kept' : 'removed'
  })
