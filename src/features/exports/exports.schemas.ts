import { z } from 'zod'
import { Instant } from '../../core/instant.ts'
import { Id } from '../../http/id.ts'
import { platformIds } from '../../platforms/index.ts'
import { postKinds } from '../posts/index.ts'

export const ExportFilter = z.strictObject({
  platform: z.enum(platformIds).optional().describe('One platform; all when left out'),
  kind: z.enum(postKinds).optional().describe('One kind; all, comments too, when left out'),
  source: Id.optional().describe('Id of a source'),
  days: z
    .enum(['7', '30', '90'])
    .transform(Number)
    .optional()
    .describe('The last days until now; 30 when neither days nor from is given'),
  from: Instant.optional().describe('Published at or after this time'),
  to: Instant.optional().describe('Published before this time; now when left out or later'),
})
export type ExportFilter = z.infer<typeof ExportFilter>
