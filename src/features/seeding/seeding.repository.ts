import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { firstRow, rows, sql } from '../../database/sql.ts'
import { dayMs, followersAt, type World, type WorldPost } from './world.ts'

const at = (ms: number) => new Date(ms).toISOString()
/** Rows of a statement's input; `columns` are their names and types. */
const given = (input: object[], columns: string): RawBuilder<unknown> =>
  sql`json_to_recordset(${JSON.stringify(input)}::json) as x(${sql.raw(columns)})`

/** Ids by the platform's own names. */
export type Ids = Map<string, string>
type Named = { id: string; external_id: string }
const byName = (found: readonly Named[]): Ids =>
  new Map(found.map(({ id, external_id: name }) => [name, id]))

/** The profiles' platforms cannot be asked: whoever tried would be refused, so nothing is tried. */
export const disableProfiles = (em: EntityManager, reason: string) =>
  rows(em, sql`update credential_profiles set state = 'disabled', state_reason = ${reason}`)

/** Sources with a job each that does not run, as watched since the day before the world began. */
export async function writeSources(
  em: EntityManager,
  workspaceId: string,
  profiles: ReadonlyMap<string, string>,
  world: World,
): Promise<Ids> {
  const since = at(world.startMs - dayMs)
  const input = world.sources.map((source) => ({
    ...source,
    profile: profiles.get(source.platform),
  }))
  const written = await rows(
    em,
    sql<Named>`
      with written as (
        insert into sources (workspace_id, profile_id, platform, handle, external_id, title, url,
          followers, statistics_at, created_at)
        select ${workspaceId}::bigint, profile, platform, handle, "externalId", title, url, followers,
          ${at(world.epochMs)}::timestamptz, ${since}::timestamptz
        from ${given(input, 'profile bigint, platform text, handle text, "externalId" text, title text, url text, followers bigint')}
        returning id, external_id, profile_id),
      watched as (
        insert into monitoring_jobs (workspace_id, source_id, profile_id, interval_minutes, is_active,
          next_run_at, last_success_at, created_at, updated_at)
        select ${workspaceId}::bigint, id, profile_id, 60, false, ${at(world.epochMs)}::timestamptz,
          ${at(world.epochMs)}::timestamptz, ${since}::timestamptz, ${since}::timestamptz from written)
      select id, external_id from written`,
  )
  const ids = byName(written)
  await writeLooks(em, workspaceId, world, ids)
  return ids
}

/** How followers grew, day by day, and when nobody looked. */
async function writeLooks(em: EntityManager, workspaceId: string, world: World, ids: Ids) {
  const days = Math.floor((world.epochMs - world.startMs) / dayMs)
  const looks = world.sources.flatMap(({ externalId, followers }) =>
    Array.from({ length: days + 1 }, (_, day) => ({
      source: ids.get(externalId),
      at: at(world.startMs + day * dayMs),
      followers: followersAt(world, followers, world.startMs + day * dayMs),
    })),
  )
  await rows(
    em,
    sql`insert into source_samples (workspace_id, source_id, sampled_at, followers)
      select ${workspaceId}::bigint, source, at, followers
      from ${given(looks, 'source bigint, at timestamptz, followers bigint')}`,
  )
  const gaps = world.gaps.map(({ source, fromMs, toMs, ...gap }) => ({
    ...gap,
    source: ids.get(source),
    from: at(fromMs),
    to: at(toMs),
  }))
  await rows(
    em,
    sql`insert into coverage_gaps (workspace_id, source_id, from_at, to_at, reason, posts)
      select ${workspaceId}::bigint, source, "from", "to", reason, posts
      from ${given(gaps, 'source bigint, "from" timestamptz, "to" timestamptz, reason text, posts text')}`,
  )
}

export async function writeAuthors(
  em: EntityManager,
  workspaceId: string,
  world: World,
): Promise<Ids> {
  const written = await rows(
    em,
    sql<Named>`
      insert into authors (workspace_id, platform, external_id, handle, display_name, followers,
        updated_at)
      select ${workspaceId}::bigint, platform, "externalId", handle, "displayName", followers,
        ${at(world.epochMs)}::timestamptz
      from ${given(world.authors, 'platform text, "externalId" text, handle text, "displayName" text, followers bigint')}
      returning id, external_id`,
  )
  return byName(written)
}

const metrics = 'views bigint, likes bigint, comments bigint, shares bigint, score bigint'
const postInput = `source bigint, author bigint, platform text, kind text, "externalId" text,
  title text, body text, url text, "replyTo" text, "threadId" text, category text,
  published timestamptz, fetched timestamptz, promoted boolean, followers bigint, ${metrics},
  "upvoteRatio" real`

/** A batch of posts with their tags, samples and moods. Returns how many samples. */
export async function writePosts(
  em: EntityManager,
  workspaceId: string,
  world: World,
  posts: readonly WorldPost[],
  ids: { sources: Ids; authors: Ids; followers: ReadonlyMap<string, number> },
): Promise<number> {
  const looked = posts.map((post) => ({ post, samples: post.samples() }))
  const input = looked.map(({ post, samples }) => {
    const { tags: _, mood: __, samples: ___, ...rest } = post
    const last = samples.at(-1)
    const followers = ids.followers.get(post.source)
    return {
      ...rest,
      ...last,
      source: ids.sources.get(post.source),
      author: ids.authors.get(post.author),
      published: at(post.publishedMs),
      fetched: at(last?.atMs ?? world.epochMs),
      followers: followersAt(world, followers ?? 0, dayOf(post.publishedMs)),
    }
  })
  const written = await rows(
    em,
    sql<Named>`
      insert into posts (workspace_id, source_id, author_id, platform, kind, external_id, title, body,
        url, lang, reply_to, thread_id, category, published_at, fetched_at, promoted, audience,
        audience_at, views, likes, comments, shares, score, upvote_ratio)
      select ${workspaceId}::bigint, source, author, platform, kind, "externalId", title, body, url,
        'en', "replyTo", "threadId", category, published, fetched, promoted, followers,
        date_trunc('day', published, 'UTC'), views, likes, comments, shares, score, "upvoteRatio"
      from ${given(input, postInput)} returning id, external_id`,
  )
  const postIds = byName(written)
  const of = (post: WorldPost) => postIds.get(post.externalId)
  await writeTags(em, workspaceId, posts, of)
  await writeMoods(em, workspaceId, world, posts, of)
  const samples = looked.flatMap(({ post, samples: own }) =>
    own.map(({ atMs, ...numbers }) => ({ ...numbers, post: of(post), at: at(atMs) })),
  )
  await rows(
    em,
    sql`insert into post_samples (workspace_id, post_id, sampled_at, views, likes, comments, shares,
        score, upvote_ratio)
      select ${workspaceId}::bigint, post, at, views, likes, comments, shares, score, "upvoteRatio"
      from ${given(samples, `post bigint, at timestamptz, ${metrics}, "upvoteRatio" real`)}`,
  )
  return samples.length
}

const dayOf = (ms: number) => Math.floor(ms / dayMs) * dayMs

type IdOf = (post: WorldPost) => string | undefined

async function writeTags(
  em: EntityManager,
  workspaceId: string,
  posts: readonly WorldPost[],
  of: IdOf,
) {
  const tags = posts.flatMap((post) =>
    post.tags.map((tag) => ({ tag, post: of(post), published: at(post.publishedMs) })),
  )
  await rows(
    em,
    sql`insert into post_tags (workspace_id, tag, published_at, post_id)
      select ${workspaceId}::bigint, tag, published, post
      from ${given(tags, 'tag text, published timestamptz, post bigint')}`,
  )
}

/** As a model would have told them: shares in ten-thousandths. */
async function writeMoods(
  em: EntityManager,
  workspaceId: string,
  world: World,
  posts: readonly WorldPost[],
  of: IdOf,
) {
  const moods = posts.map((post) => ({ ...post.mood, post: of(post) }))
  await rows(
    em,
    sql`insert into sentiments (post_id, workspace_id, model, negative, neutral, positive, compound,
        scored_at)
      select post, ${workspaceId}::bigint, 'seeded', negative / 10000.0, neutral / 10000.0,
        positive / 10000.0, (positive - negative) / 10000.0, ${at(world.epochMs)}::timestamptz
      from ${given(moods, 'post bigint, negative int, neutral int, positive int')}`,
  )
}

/** Partitions for the samples of the world's months. */
export const openMonths = (em: EntityManager, world: World) =>
  rows(em, sql`select ensure_sample_partitions(${at(world.startMs)}::date, 5)`)

export type Content = { profiles: number; seeded: number; sources: number }

/** What is in the workspace; `seeded` counts the profiles that a seeding made. */
export async function findContent(em: EntityManager, profileName: string): Promise<Content> {
  const row = await firstRow(
    em,
    sql<Content>`select count(*)::int as profiles,
      count(*) filter (where name = ${profileName})::int as seeded,
      (select count(*)::int from sources) as sources from credential_profiles`,
  )
  return row ?? { profiles: 0, seeded: 0, sources: 0 }
}

/** Everything that was collected here: posts, their authors, sources and profiles. */
export async function emptyWorkspace(em: EntityManager): Promise<void> {
  for (const table of ['posts', 'sources', 'authors', 'credential_profiles']) {
    await rows(em, sql`delete from ${sql.table(table)}`)
  }
}
