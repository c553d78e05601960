import type { PlatformId } from '../../platforms/index.ts'
import type { SourceRow } from './sources.queries.ts'
import type { SourceView } from './sources.schemas.ts'

export const presentSource = (row: SourceRow): SourceView => ({
  id: row.id,
  profileId: row.profile_id,
  platform: row.platform as PlatformId,
  handle: row.handle,
  externalId: row.external_id,
  title: row.title,
  url: row.url,
  followers: row.followers === null ? null : Number(row.followers),
  isLive: row.is_live,
  statisticsAt: row.statistics_at?.toISOString() ?? null,
  collectsComments: row.collects_comments,
  audienceZone: row.audience_zone,
  createdAt: row.created_at.toISOString(),
})
