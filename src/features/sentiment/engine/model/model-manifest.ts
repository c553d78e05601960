import { z } from 'zod'

/** What `model fetch` writes beside a model's files: where they came from, what they must be. */
export const ModelManifest = z.object({
  name: z.string(),
  source: z.string(),
  /** The commit, where the hub named it. */
  revision: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
})
export type ModelManifest = z.infer<typeof ModelManifest>

export const manifestFile = 'earshot-model.json'
