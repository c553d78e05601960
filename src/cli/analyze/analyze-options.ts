import type { WorkspaceOptions } from '../workspace.ts'

export type AnalyzeOptions = WorkspaceOptions & {
  days: number
  platform?: string
  source?: string
  zone: string
}
