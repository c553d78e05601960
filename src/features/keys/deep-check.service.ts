import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { forWorkspace } from '../../database/database.ts'
import { rows, sql } from '../../database/sql.ts'
import { SealError } from '../../secrets/aes-gcm.ts'
import { openSecret, type SealedField, secondFactorPlace } from '../../secrets/sealed-secret.ts'
import { findProfile, openCredentials } from '../credentials/index.ts'
import { everyProfileIn } from './every-profile.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'keyring' | 'origin' | 'secretStores'>

export type DeepCheck = {
  profiles: number
  secondFactors: number
  /** What does not open, and why. */
  failed: { kind: 'profile' | 'second_factor'; id: string; reason: string }[]
}

/** Opens every secret once, throws what it read away, and writes down that it did. */
export async function deepCheck(ctx: Needs): Promise<DeepCheck> {
  const check: DeepCheck = { profiles: 0, secondFactors: 0, failed: [] }
  for (const store of ['database', 'aws'] as const) {
    for await (const { profileId, workspaceId } of everyProfileIn(ctx.em, store)) {
      const em = forWorkspace(ctx.em, workspaceId)
      const profile = await findProfile(em, profileId)
      if (!profile) continue
      check.profiles += 1
      const reason = await reasonOf(() => openCredentials({ ...ctx, em }, profile, 'check'))
      if (reason) check.failed.push({ kind: 'profile', id: profileId, reason })
    }
  }
  await checkSecondFactors(ctx, check)
  const { profiles, secondFactors, failed } = check
  await recordAudit(ctx, {
    action: 'key.checked',
    workspaceId: null,
    outcome: failed.length === 0 ? 'success' : 'failure',
    details: { profiles, secondFactors, failed: failed.length },
  })
  return check
}

type Factor = {
  id: string
  key_id: string
  wrapped_key: Uint8Array
  sealed_fields: Record<string, SealedField>
}

async function checkSecondFactors(ctx: Needs, check: DeepCheck): Promise<void> {
  for (let after = '0'; ; ) {
    const page = await rows(
      ctx.em,
      sql<Factor>`select user_id::text as id, key_id, wrapped_key, sealed_fields
        from second_factors where user_id > ${after}::bigint order by user_id limit 100`,
    )
    for (const { id, ...row } of page) {
      check.secondFactors += 1
      const reason = await reasonOf(async () => {
        const wrappedKey = Buffer.from(row.wrapped_key)
        const sealed = { keyId: row.key_id, wrappedKey, sealedFields: row.sealed_fields }
        openSecret(ctx.keyring, secondFactorPlace(id), sealed)
      })
      await recordAudit(ctx, {
        action: 'secret.opened',
        workspaceId: null,
        outcome: reason ? 'failure' : 'success',
        object: { kind: 'second_factor', id },
        details: { for: 'check', keyId: row.key_id },
      })
      if (reason) check.failed.push({ kind: 'second_factor', id, reason })
    }
    const last = page.at(-1)
    if (!last) return
    after = last.id
  }
}

/** null: it opens. */
async function reasonOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof SealError || error instanceof AppError) return error.message
    throw error
  }
}
