import { z } from 'zod'
import { auditActions, auditNouns } from '../../audit/actions.ts'
import { Instant } from '../../core/instant.ts'
import { pageLimit } from '../../core/paging.ts'
import { Id } from '../../http/id.ts'

const outcomes = ['success', 'failure', 'denied'] as const

const Personal = z
  .object({
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    email: z.string().nullable().meta({ description: 'An address that was typed' }),
  })
  .nullable()

export const AuditRowView = z
  .object({
    id: Id,
    at: z.iso.datetime(),
    action: z.string().meta({ description: 'noun.verb', example: 'login.failed' }),
    outcome: z.enum(outcomes).meta({
      description: 'denied: somebody may not. failure: they may, and it did not work.',
    }),
    actor: z.object({
      kind: z.enum(['user', 'token', 'task', 'cli', 'anonymous']),
      id: Id.nullable(),
      name: z.string().nullable().meta({ description: 'null: none is given, or nobody is left' }),
      email: z.string().nullable(),
    }),
    object: z.object({ kind: z.string(), id: z.string() }).nullable(),
    requestId: z.string().nullable(),
    details: z.record(z.string(), z.json()),
    personal: Personal.meta({
      description: 'For owners and administrators. null: not yours to see, or forgotten',
    }),
  })
  .meta({ id: 'AuditRow' })
export type AuditRowView = z.infer<typeof AuditRowView>

export const AuditPage = z
  .object({ items: z.array(AuditRowView), nextCursor: z.string().nullable() })
  .meta({ id: 'AuditPage' })

export const AdminAuditPage = z
  .object({
    items: z.array(AuditRowView.extend({ workspaceId: Id.nullable() })),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'AdminAuditPage' })

export const ActivityPage = z
  .object({
    items: z.array(
      AuditRowView.omit({ actor: true }).extend({
        by: z.enum(['you', 'unknown', 'somebody', 'earshot']).meta({
          description: 'unknown: somebody who was not signed in. somebody: another person',
        }),
        workspaceId: Id.nullable(),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'ActivityPage' })

export const ActivityFilter = z.strictObject({
  limit: pageLimit(50, 200),
  cursor: z.string().max(200).optional(),
})
export type ActivityFilter = z.infer<typeof ActivityFilter>

export const AuditFilter = ActivityFilter.extend({
  action: z
    .enum([...auditNouns, ...auditActions])
    .optional()
    .meta({ description: "An action, or its noun alone: 'login' finds login.failed too" }),
  outcome: z.enum(outcomes).optional(),
  actor: Id.optional().meta({ description: 'Id of a person' }),
  from: Instant.optional(),
  to: Instant.optional().meta({ description: 'Inclusive' }),
})
export type AuditFilter = z.infer<typeof AuditFilter>

export const AdminAuditFilter = AuditFilter.extend({ workspace: Id.optional() })
export type AdminAuditFilter = z.infer<typeof AdminAuditFilter>
