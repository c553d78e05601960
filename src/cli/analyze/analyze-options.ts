import type { PlatformOptions } from '../platform-option.ts'
import type { WorkspaceOptions } from '../workspace.ts'

export type AnalyzeOptions = WorkspaceOptions &
  PlatformOptions & {
    days: number
    source?: string
    zone: string
  }
