import { defineEntity, type InferEntity, p } from '@mikro-orm/core'
import type { SealedField } from '../../secrets/sealed-secret.ts'

/** What may be shown of a field: all of a public one, the last 4 characters of a secret. */
export type FieldHint = { secret: boolean; shown: string }

export const CredentialProfileEntity = defineEntity({
  name: 'CredentialProfile',
  tableName: 'credential_profiles',
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    workspaceId: p.bigint('string'),
    platform: p.text(),
    name: p.text(),
    /** database: sealed in this row. aws: kept outside, under `secretRef`. */
    secretStore: p.text().$type<'database' | 'aws'>().default('database'),
    secretRef: p.text().nullable().hidden(),
    keyId: p.text().nullable().hidden(),
    wrappedKey: p.blob().nullable().hidden(),
    sealedFields: p.json<Record<string, SealedField>>().hidden(),
    hints: p.json<Record<string, FieldHint>>(),
    /** Overrides of the platform's default limits, by bucket. */
    limits: p.json<Record<string, number>>().default('{}'),
    state: p.text().$type<'active' | 'disabled'>().default('active'),
    stateReason: p.text().nullable(),
    unauthorizedCount: p.integer().default(0),
    pausedUntil: p.datetime().nullable(),
    pauseReason: p.text().nullable(),
    verifiedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
})
export type CredentialProfile = InferEntity<typeof CredentialProfileEntity>
