import { recordAudit } from '../../audit/audit.ts'
import { findLastSeals } from '../../audit/seals.queries.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { findChosenKey, findKnownKeys, keysInUse, sealedBy } from '../../secrets/key-check.ts'
import type { KeyOwner } from '../../secrets/key-owner.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

export type Retired = {
  keyId: string
  /** Chains of the audit log whose newest seal this key made: nobody can check that one without it. */
  auditChains: number
}

/**
 * Lets the database forget a key, after which it may be taken out of ENCRYPTION_KEYS. Refused, in
 * words, while anything is sealed by it or new secrets would be.
 */
export async function retireKey(ctx: Needs, owner: KeyOwner, keyId: string): Promise<Retired> {
  if (!(await findKnownKeys(ctx.em)).includes(keyId)) {
    throw new AppError('not_found', `This database knows no key '${keyId}'.`)
  }
  if ((await findChosenKey(ctx.em))?.keyId === keyId) {
    throw new AppError(
      'conflict',
      `The key '${keyId}' seals what is new: rotate to another one first.`,
    )
  }
  const use = (await keysInUse(ctx.em)).find((one) => one.keyId === keyId)
  if (use) {
    throw new AppError('conflict', `The key '${keyId}' still seals ${sealedBy(use)}: rotate first.`)
  }
  const seals = (await findLastSeals(ctx.em)).filter((seal) => seal.keyId === keyId)
  await forget(owner, keyId)
  await recordAudit(ctx, {
    action: 'key.retired',
    workspaceId: null,
    object: { kind: 'key', id: keyId },
  })
  return { keyId, auditChains: seals.length }
}

const stillReferenced = '23503'

/** A secret that is sealed by it at this very moment holds the row: the database refuses then. */
async function forget(owner: KeyOwner, keyId: string): Promise<void> {
  try {
    await owner.forget(keyId)
  } catch (error) {
    if ((error as { code?: unknown }).code !== stillReferenced) throw error
    const message = `Something was sealed by the key '${keyId}' at this moment: rotate once more.`
    throw new AppError('conflict', message)
  }
}
