import { z } from 'zod'
import { Id } from '../../http/id.ts'
import { memberRoles } from '../../http/route.ts'

export const Role = z
  .enum(memberRoles)
  .meta({ description: 'viewer: sees. editor: also changes. owner: also decides who is in it' })

export const WorkspaceView = z
  .object({
    id: Id,
    name: z.string(),
    kind: z.enum(['personal', 'team', 'community']),
    role: z.enum(['owner', 'editor', 'viewer']).meta({ description: 'What the asker is in it' }),
  })
  .meta({ id: 'Workspace' })
export type WorkspaceView = z.infer<typeof WorkspaceView>

export const WorkspaceList = z.object({ items: z.array(WorkspaceView) })

/** Stands in mails to strangers: it may not carry a link, nor a line of its own. */
const Name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => !/\p{Cc}/u.test(text), 'must be one line of text')
  .refine((text) => !/:\/\/|www\./i.test(text), 'must not hold a web address')

export const NameWorkspace = z.strictObject({ name: Name }).meta({ id: 'NameWorkspace' })
export type NameWorkspace = z.infer<typeof NameWorkspace>

export const ConfirmDeletion = z
  .strictObject({ name: z.string().max(300).describe("The workspace's name, typed once more") })
  .meta({ id: 'ConfirmDeletion' })
