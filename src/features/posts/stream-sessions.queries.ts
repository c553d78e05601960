import { sql } from '../../database/sql.ts'

/**
 * A stream that drops and comes back is a new stream for Twitch and the same evening for everybody
 * else: streams of one source with at most this between the end of one and the start of the next
 * are one session.
 */
export const sessionGapMinutes = 15
const gap = `interval '${sessionGapMinutes} minutes'`

/** When a stream stopped as far as we know: its end, else the last time it was seen running. */
const lastKnown = (post: string) => `coalesce(${post}.ended_at,
  (select max(x.sampled_at) from post_samples x where x.post_id = ${post}.id), ${post}.published_at)`

const isStream = (post: string) => `${post}.platform = 'twitch' and ${post}.kind = 'stream'`

/** The stream of the same source just before `p`, and when it stopped: one probe of an index. */
const previousOf = (
  p: string,
) => `select q.id, q.source_id, q.published_at, ${lastKnown('q')} as stopped_at
  from posts q
  where q.source_id = ${p}.source_id and ${isStream('q')}
    and (q.published_at, q.id) < (${p}.published_at, ${p}.id)
  order by q.published_at desc, q.id desc limit 1`

const nextOf = (
  p: string,
) => `select q.id, q.source_id, q.published_at, ${lastKnown('q')} as stopped_at
  from posts q
  where q.source_id = ${p}.source_id and ${isStream('q')}
    and (q.published_at, q.id) > (${p}.published_at, ${p}.id)
  order by q.published_at, q.id limit 1`

/** Streams that no other came shortly before: each begins a session. Walked newest first. */
export const sessionStarts = sql.raw(
  `posts p left join lateral (${previousOf('p')}) before on true`,
)
export const beginsSession = sql.raw(`${isStream('p')}
  and (before.id is null or before.stopped_at < p.published_at - ${gap})`)

/** The first streams of the sessions that run now: from the few live streams backwards. */
export const liveStarts = sql.raw(`(
  with recursive back as (
    select live.id, live.source_id, live.published_at from posts live
    where live.kind = 'stream' and live.ended_at is null
      and not exists (${nextOf('live')})
    union all
    select before.id, before.source_id, before.published_at
    from back cross join lateral (${previousOf('back')}) before
    where before.stopped_at >= back.published_at - ${gap})
  select distinct on (source_id) * from back order by source_id, published_at, id) p`)

/** From each first stream of `starts` on: every stream that followed shortly upon the one before. */
export const sessionStreams = sql.raw(`
  select s.id as session_id, s.source_id, s.id, s.published_at, ${lastKnown('p')} as stopped_at
  from starts s join posts p on p.id = s.id
  union all
  select m.session_id, m.source_id, following.id, following.published_at, following.stopped_at
  from members m cross join lateral (${nextOf('m')}) following
  where following.published_at <= m.stopped_at + ${gap}`)

/** A session runs while the last of its streams has no end and its source has no later stream. */
export const isRunning = sql.raw(`p.ended_at is null and not exists (${nextOf('p')})`)
