import type { z } from 'zod'
import type { AuditRow } from './audit.queries.ts'
import type { ActivityPage, AuditRowView } from './audit.schemas.ts'

const milliseconds = (at: string) => new Date(at).toISOString()

const personalOf = ({ personal }: AuditRow): AuditRowView['personal'] =>
  personal && {
    ip: personal.ip ?? null,
    userAgent: personal.userAgent ?? null,
    email: personal.email ?? null,
  }

const shared = (row: AuditRow) => ({
  id: row.id,
  at: milliseconds(row.at),
  action: row.action,
  outcome: row.outcome,
  object: row.object_kind === null ? null : { kind: row.object_kind, id: row.object_id ?? '' },
  requestId: row.request_id,
  details: row.details,
})

const actorOf = ({ actor_kind, actor_id, actor_name, actor_email }: AuditRow) => ({
  kind: actor_kind,
  id: actor_id,
  name: actor_name,
  email: actor_email,
})

/** Owners see from where members and strangers came; of an administrator's doings only that they were. */
export function presentAuditRow(row: AuditRow, reader: { seesPersonal: boolean }): AuditRowView {
  const ofTheirs = row.actor_id === null || row.actor_is_member
  return {
    ...shared(row),
    actor: { ...actorOf(row), ...(!ofTheirs && { email: null }) },
    personal: reader.seesPersonal && ofTheirs ? personalOf(row) : null,
  }
}

export const presentAdminAuditRow = (row: AuditRow) => ({
  ...shared(row),
  actor: actorOf(row),
  personal: personalOf(row),
  workspaceId: row.workspace_id,
})

type Activity = z.infer<typeof ActivityPage>['items'][number]

function actorFor(row: AuditRow, userId: string): Activity['by'] {
  if (row.actor_id === userId) return 'you'
  if (row.actor_kind === 'anonymous') return 'unknown'
  return row.actor_id === null ? 'earshot' : 'somebody'
}

/** Where another person was when they did it is theirs to know. */
export function presentActivity(row: AuditRow, userId: string): Activity {
  const by = actorFor(row, userId)
  return {
    ...shared(row),
    by,
    workspaceId: row.workspace_id,
    personal: by === 'you' || by === 'unknown' ? personalOf(row) : null,
  }
}
