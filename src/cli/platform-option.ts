import { Option } from 'commander'
import { type PlatformId, platformIds } from '../platforms/index.ts'

/** What commands understand that can ask of one platform alone. */
export type PlatformOptions = { platform?: PlatformId }

export const platformOption = () =>
  new Option('--platform <platform>', 'one platform alone').choices(platformIds)
