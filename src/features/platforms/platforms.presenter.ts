import type { Config } from '../../config/config.ts'
import type { Platform } from '../../platforms/platform.ts'
import { limitsOf } from '../credentials/index.ts'
import type { PlatformView } from './platforms.schemas.ts'

/** What a person needs to know before the first profile and the first job of a platform. */
export const presentPlatform = (platform: Platform, config: Config): PlatformView => ({
  id: platform.id as PlatformView['id'],
  name: platform.name,
  sourceKind: platform.sourceKind,
  intervalMinutes: {
    min: config.platforms.minIntervalMinutes ?? platform.interval.min,
    max: platform.interval.max,
    default: platform.interval.default,
  },
  credentialFields: platform.credentialFields.map(({ name, label, secret }) => ({
    name,
    label,
    secret,
  })),
  setup: platform.setup,
  handleExample: platform.handle.example,
  hasComments: platform.commentedKinds !== undefined,
  limits: limitsOf(platform, {}, config).map(({ bucket, label, unit, amount, window }) => ({
    bucket,
    label,
    unit,
    amount,
    window,
  })),
})
