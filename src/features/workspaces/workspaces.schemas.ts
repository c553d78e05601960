import { z } from 'zod'
import { Id } from '../../http/id.ts'

export const WorkspaceView = z
  .object({
    id: Id,
    name: z.string(),
    kind: z.enum(['personal', 'team', 'community']),
    role: z.enum(['owner', 'editor', 'viewer']).meta({ description: 'What the asker is in it' }),
  })
  .meta({ id: 'Workspace' })
export type WorkspaceView = z.infer<typeof WorkspaceView>
