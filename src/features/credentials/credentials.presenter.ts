import type { CredentialProfile } from './credential-profile.entity.ts'
import type { ProfileView } from './credentials.schemas.ts'

/** An allow-list: what is not named here is not answered. */
export const presentProfile = (profile: CredentialProfile): ProfileView => ({
  id: profile.id,
  platform: profile.platform as ProfileView['platform'],
  name: profile.name,
  state: profile.state,
  stateReason: profile.stateReason ?? null,
  pausedUntil: profile.pausedUntil?.toISOString() ?? null,
  pauseReason: profile.pauseReason ?? null,
  verifiedAt: profile.verifiedAt?.toISOString() ?? null,
  fields: Object.entries(profile.hints).map(([name, { secret, shown }]) => ({
    name,
    secret,
    shown,
  })),
  limits: profile.limits,
  createdAt: profile.createdAt.toISOString(),
})
