import { moment } from './posts.presenter.ts'
import type { SessionRow } from './streams.queries.ts'
import type { StreamSessionView } from './streams.schemas.ts'

const oneDecimal = (value: number) => Math.round(value * 10) / 10

export const presentSession = (row: SessionRow): StreamSessionView => ({
  source: { id: row.source_id, handle: row.source_handle, title: row.source_title },
  startedAt: moment(row.started_at),
  endedAt: row.is_live ? null : moment(row.stopped_at),
  durationMinutes: oneDecimal(row.minutes),
  peakViewers: row.peak === null ? null : Number(row.peak),
  averageViewers: row.average === null ? null : oneDecimal(row.average),
  samples: Number(row.samples),
  title: row.title,
  category: row.category,
  changes: row.changes.map((change) => ({ ...change, at: moment(change.at) })),
  streamIds: row.stream_ids,
  postIds: row.post_ids,
})
