import type { ModelSpec } from './model/model-files.ts'

export type ScorerSetup = { model: ModelSpec; threads: number; priority: number }

export type ScoreRequest = { kind: 'score'; id: number; texts: readonly string[] }
export type ScorerRequest = ScoreRequest | { kind: 'cancel'; id: number }

/** `scores`: negative, neutral, positive for each text, one after the other. */
export type ScorerReply =
  | { kind: 'scored'; id: number; scores: Float64Array }
  | { kind: 'failed'; id: number; message: string }
  | { kind: 'unusable'; message: string }
