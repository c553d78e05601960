import { z } from 'zod'
import { pageLimit } from '../../core/paging.ts'
import { Id } from '../../http/id.ts'
import { platformIds } from '../../platforms/index.ts'

const PlatformName = z.enum(platformIds, {
  error: `must be one of ${platformIds.join(', ')}`,
})
const Name = z.string().trim().min(1).max(100)
const Credentials = z
  .record(z.string().max(100), z.string().trim().max(4_096))
  .describe('The fields that GET /api/platforms lists for the platform. Never answered again')
const Limits = z
  .record(z.string().max(100), z.number().int().min(0).max(Number.MAX_SAFE_INTEGER))
  .describe("Overrides of the platform's limits, by bucket, in its unit (dollars: in millionths)")

export const CreateProfile = z
  .strictObject({
    platform: PlatformName,
    name: Name.describe('Unique among the profiles of its platform'),
    credentials: Credentials,
    limits: Limits.default({}),
  })
  .meta({ id: 'CreateProfile' })
export type CreateProfile = z.infer<typeof CreateProfile>

export const UpdateProfile = z
  .strictObject({
    name: Name.optional(),
    credentials: Credentials.optional().describe(
      'Only the fields that change: one that is absent or empty stays as it is',
    ),
    limits: Limits.optional().describe('Replaces all overrides'),
  })
  .meta({ id: 'UpdateProfile' })
export type UpdateProfile = z.infer<typeof UpdateProfile>

export const ProfileFilter = z.object({
  platform: PlatformName.optional(),
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional(),
})
export type ProfileFilter = z.infer<typeof ProfileFilter>

export const DeleteProfileQuery = z.object({
  withSources: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true: also delete its sources, with all that was collected from them'),
})

export const ProfileView = z
  .object({
    id: Id,
    platform: z.enum(platformIds),
    name: z.string(),
    state: z.enum(['active', 'disabled']),
    stateReason: z.string().nullable(),
    pausedUntil: z.iso.datetime().nullable().describe('No call is made before'),
    pauseReason: z.string().nullable(),
    verifiedAt: z.iso.datetime().nullable(),
    fields: z.array(
      z.object({
        name: z.string(),
        secret: z.boolean(),
        shown: z.string().describe('Of a secret the last 4 characters at most'),
      }),
    ),
    limits: z.record(z.string(), z.number().int()),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Profile' })
export type ProfileView = z.infer<typeof ProfileView>

export const ProfilePage = z.object({
  items: z.array(ProfileView),
  nextCursor: z.string().nullable(),
})

export const VerificationView = z
  .object({
    ok: z.boolean(),
    detail: z.string().describe('What the credential opens, or what is wrong with it, in words'),
    kind: z
      .enum([
        'unauthorized',
        'forbidden',
        'rate_limited',
        'budget_exhausted',
        'not_found',
        'unavailable',
        'changed_shape',
      ])
      .nullable()
      .describe('Null when it works'),
    retryAt: z.iso.datetime().nullable(),
    profile: ProfileView,
  })
  .meta({ id: 'Verification' })
export type VerificationView = z.infer<typeof VerificationView>
