import { contextOf } from '../../src/compose.ts'
import { commandOrigin } from '../../src/core/origin.ts'
import { forWorkspace } from '../../src/database/database.ts'
import { findProfile, openCredentials } from '../../src/features/credentials/index.ts'
import type { SignedIn } from './app.ts'
import type { KeysStage } from './keys-stage.ts'
import type { Random } from './random.ts'

export type LoadedProfile = {
  id: string
  workspaceId: string
  who: SignedIn
  /** What it may open to: more than one while a change of it is on its way. */
  secrets: Set<string>
}

export type Load = {
  opened: number
  verified: number
  written: number
  failures: string[]
  stop: () => Promise<void>
}

/** People with profiles of their own, made through the API. */
export async function addProfiles(
  stage: KeysStage,
  people: number,
  each: number,
): Promise<LoadedProfile[]> {
  const profiles: LoadedProfile[] = []
  for (let person = 0; person < people; person += 1) {
    const who = await stage.app.signIn()
    const ids = await Promise.all(
      Array.from({ length: each }, (_, index) => stage.addTwitch(`p${person}-${index}`, who)),
    )
    for (const [index, id] of ids.entries()) {
      const secrets = new Set([`sandbox-secret-p${person}-${index}-long`])
      profiles.push({ id, workspaceId: '', who, secrets })
    }
  }
  const rows = await stage.ask<{ id: string; workspace_id: string }>(
    'select id::text, workspace_id::text from credential_profiles',
  )
  const workspaceOf = new Map(rows.map((row) => [row.id, row.workspace_id]))
  for (const profile of profiles) profile.workspaceId = workspaceOf.get(profile.id) ?? ''
  return profiles
}

/** Opens a profile as a worker does and gives its secret. */
export async function secretOf(stage: KeysStage, profile: LoadedProfile): Promise<string> {
  const ctx = contextOf(stage.app.parts, new AbortController().signal, commandOrigin('test'))
  const em = forWorkspace(ctx.em, profile.workspaceId)
  const row = await findProfile(em, profile.id)
  if (!row) throw new Error(`profile ${profile.id} is gone`)
  // Between reading a row and opening it, a rotation may have moved it.
  if (Number(profile.id) % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const fields = await openCredentials({ ...ctx, em }, row, 'check')
  return fields.clientSecret ?? ''
}

/** Readers, verifiers and writers, until they are stopped. */
export function startLoad(stage: KeysStage, profiles: LoadedProfile[], random: Random): Load {
  let running = true
  const load: Load = {
    opened: 0,
    verified: 0,
    written: 0,
    failures: [],
    stop: async () => {
      running = false
      await Promise.all(loops)
    },
  }
  const any = () => profiles[random.between(0, profiles.length - 1)] as LoadedProfile
  const loop = async (work: (profile: LoadedProfile) => Promise<void>) => {
    while (running) {
      const profile = any()
      try {
        await work(profile)
      } catch (error) {
        load.failures.push(`profile ${profile.id}: ${(error as Error).message}`)
      }
    }
  }
  const read = async (profile: LoadedProfile) => {
    const before = [...profile.secrets]
    const secret = await secretOf(stage, profile)
    load.opened += 1
    if (before.includes(secret) || profile.secrets.has(secret)) return
    throw new Error(`opens to something else: ${secret}`)
  }
  const verify = async ({ id, who }: LoadedProfile) => {
    const { status } = await who.call('POST', `/api/profiles/${id}/verify`)
    load.verified += 1
    if (status !== 200) throw new Error(`verifying answered ${status}`)
  }
  const write = async (profile: LoadedProfile) => {
    const clientSecret = `sandbox-secret-${load.written}-renewed`
    if (profile.secrets.size > 1) return
    profile.secrets.add(clientSecret)
    const path = `/api/profiles/${profile.id}`
    const { status } = await profile.who.call('PATCH', path, { credentials: { clientSecret } })
    load.written += 1
    if (status !== 200) throw new Error(`writing answered ${status}`)
    profile.secrets = new Set([clientSecret])
  }
  const loops = [loop(read), loop(read), loop(read), loop(verify), loop(write)]
  return load
}
