import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { firstRow, rows, sql } from '../../database/sql.ts'

type Row = Record<string, unknown>
const about = (em: EntityManager, statement: RawBuilder<Row>) => rows(em, statement)

/** A person's account. Hashes are left out of all of these: they are secrets, and of no use. */
export const findAccount = (em: EntityManager, userId: string) =>
  firstRow<Row>(
    em,
    sql`select u.id, email, username, display_name as "displayName", bio, avatar_url as "avatarUrl",
        role, is_verified as "isVerified", password_changed_at as "passwordChangedAt",
        u.created_at as "createdAt", u.updated_at as "updatedAt",
        f.confirmed_at as "secondFactorSince",
        (select count(*)::int from recovery_codes c where c.user_id = u.id and c.used_at is null)
          as "recoveryCodesLeft"
      from users u left join second_factors f on f.user_id = u.id where u.id = ${userId}`,
  )

export const findSessions = (em: EntityManager, userId: string) =>
  about(
    em,
    sql`select id, workspace_id as "workspaceId", user_agent as "userAgent", ip,
        created_at as "createdAt", last_seen_at as "lastSeenAt", expires_at as "expiresAt",
        ended_at as "endedAt", ended_reason as "endedReason"
      from sessions where user_id = ${userId} order by id`,
  )

export const findApiTokens = (em: EntityManager, userId: string) =>
  about(
    em,
    sql`select id, workspace_id as "workspaceId", name, scopes, created_at as "createdAt",
        last_used_at as "lastUsedAt", last_used_ip as "lastUsedIp", expires_at as "expiresAt",
        revoked_at as "revokedAt"
      from api_tokens where user_id = ${userId} order by id`,
  )

export const findMails = (em: EntityManager, userId: string) =>
  about(
    em,
    sql`select recipient, template, created_at as "createdAt", sent_at as "sentAt"
      from mails where user_id = ${userId} order by id`,
  )

export const findFeedback = (em: EntityManager, userId: string) =>
  about(
    em,
    sql`select f.id, type, status, title, description, page_url as "pageUrl",
        browser_info as "browserInfo", satisfaction, feature, feature_rating as "featureRating",
        resolution, resolved_at as "resolvedAt", f.created_at as "createdAt",
        f.updated_at as "updatedAt",
        (select json_agg(json_build_object('id', s.id, 'state', s.state, 'sourceUrl', s.source_url))
          from feedback_screenshots s where s.feedback_id = f.id) as screenshots
      from feedback f where f.user_id = ${userId} order by f.id`,
  )

export type Screenshot = { id: string; media_type: string }

export const findScreenshots = (em: EntityManager, userId: string) =>
  rows(
    em,
    sql<Screenshot>`select s.id, s.media_type from feedback_screenshots s
      join feedback f on f.id = s.feedback_id
      where f.user_id = ${userId} and s.state = 'ready' and s.bytes is not null order by s.created_at`,
  )

/** One at a time: a picture may have megabytes. */
export const findScreenshotBytes = async (em: EntityManager, id: string) =>
  (
    await firstRow(
      em,
      sql<{ bytes: Buffer }>`select bytes from feedback_screenshots where id = ${id}`,
    )
  )?.bytes ?? Buffer.alloc(0)

export type ArchivedWorkspace = {
  id: string
  name: string
  kind: string
  role: string
  joinedAt: Date
  createdAt: Date
  /** Nobody else is in it: what is collected there is theirs to take. */
  isTheirsAlone: boolean
}

export const findArchivedWorkspaces = (em: EntityManager, userId: string) =>
  rows(
    em,
    sql<ArchivedWorkspace>`select w.id, w.name, w.kind, m.role, m.created_at as "joinedAt",
        w.created_at as "createdAt",
        m.role = 'owner' and (w.kind = 'personal' or not exists (select from memberships o
          where o.workspace_id = w.id and o.user_id <> m.user_id)) as "isTheirsAlone"
      from memberships m join workspaces w on w.id = m.workspace_id
      where m.user_id = ${userId} order by w.id`,
  )

type AuditRow = Row & { at: Date; id: string }
const pageSize = 500

/** What somebody did and what was done to their account, newest first, a page in memory at a time. */
export async function* auditOfPerson(em: EntityManager, userId: string): AsyncGenerator<AuditRow> {
  let [at, id]: [Date | 'infinity', string] = ['infinity', '0']
  for (;;) {
    const page: AuditRow[] = await rows(
      em.fork() as EntityManager,
      sql<AuditRow>`select id, at, workspace_id as "workspaceId", action, outcome,
          actor_kind as "actorKind", actor_id as "actorId", object_kind as "objectKind",
          object_id as "objectId", request_id as "requestId", details,
          case when actor_id = ${userId} or actor_id is null then personal end as personal
        from audit_of_person(${userId}::bigint, ${at}::timestamptz, ${id}::bigint, ${pageSize})`,
    )
    yield* page
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    ;[at, id] = [last.at, last.id]
  }
}
