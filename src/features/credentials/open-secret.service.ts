import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import type { KeptSecret } from '../../secrets/stores/secret-store.ts'
import type { CredentialProfile } from './credential-profile.entity.ts'

/** What a secret is opened for; the audit log says it. */
export type Purpose = 'collect' | 'verify' | 'resolve' | 'update' | 'check' | 'move'

/**
 * The one way to a profile's credentials. Nothing is handed out before the audit log says so; an
 * opening that fails is written down too. Throws SealError when they were moved, changed or sealed by
 * a key we lack, and AppError `unavailable` when their store does not answer.
 */
export async function openCredentials(
  ctx: Pick<Context, 'em' | 'clock' | 'origin' | 'secretStores'>,
  profile: CredentialProfile,
  purpose: Purpose,
): Promise<Record<string, string>> {
  const { workspaceId, id, platform, secretStore, keyId } = profile
  const record = (outcome: 'success' | 'failure') =>
    recordAudit(ctx, {
      action: 'secret.opened',
      workspaceId,
      outcome,
      object: { kind: 'profile', id },
      details: { platform, for: purpose, ...(keyId ? { keyId } : { store: secretStore }) },
    })
  let credentials: Record<string, string>
  try {
    const store = ctx.secretStores.byName(secretStore)
    credentials = await store.open({ workspaceId, profileId: id }, keptOf(profile))
  } catch (error) {
    await record('failure')
    throw error
  }
  await record('success')
  return credentials
}

/** What of a profile's row says where its secret lies. */
export const keptOf = (profile: CredentialProfile): KeptSecret => ({
  secretStore: profile.secretStore,
  secretRef: profile.secretRef ?? null,
  keyId: profile.keyId ?? null,
  wrappedKey: profile.wrappedKey ?? null,
  sealedFields: profile.sealedFields,
})
