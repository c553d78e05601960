import { type SignedIn, startTestApp, type TestApp } from './app.ts'
import { type Collected, collectedBy } from './collected.ts'

export type EngagedPost = {
  at: string
  kind?: string
  views?: number | null
  likes?: number | null
  comments?: number | null
  shares?: number | null
  score?: number | null
  upvote_ratio?: number | null
  audience?: number | null
  ended_at?: string | null
}
export type Look = { post: string; at: string } & Partial<
  Record<'views' | 'likes' | 'comments' | 'shares' | 'score' | 'viewers', number | null>
>

/** One person's workspace under a clock that stands still, for writing posts with all their numbers. */
export type EngagedWorld = {
  app: TestApp
  person: SignedIn
  collected: Collected
  posts: (sourceId: string, posts: readonly EngagedPost[]) => Promise<string[]>
  looks: (looks: readonly Look[]) => Promise<void>
  /** The body of a GET that must answer 200. */
  get: <Body>(path: string) => Promise<Body>
  fold: () => Promise<void>
  close: () => Promise<void>
}

const kinds: Record<string, string> = {
  twitch: 'stream',
  twitter: 'tweet',
  youtube: 'video',
  reddit: 'reddit_post',
}

export async function openEngagedWorld(now: string): Promise<EngagedWorld> {
  const app = await startTestApp({ clock: { now: () => new Date(now) } })
  const person = await app.signIn()
  const collected = await collectedBy(app, person)
  const { client, workspaceId } = collected
  let serial = 0
  return {
    app,
    person,
    collected,
    posts: async (sourceId, posts) => {
      const source = await client.query('select platform from sources where id = $1', [sourceId])
      const { platform } = source.rows[0]
      const rows = posts.map((post) => ({
        kind: kinds[platform],
        external_id: `e${++serial}`,
        ...post,
      }))
      const { rows: made } = await client.query(
        `insert into posts (workspace_id, source_id, platform, kind, external_id, published_at,
           ended_at, fetched_at, views, likes, comments, shares, score, upvote_ratio, audience)
         select $1, $2, $3, kind, external_id, at, ended_at, at, views, likes, comments, shares,
           score, upvote_ratio, audience
         from json_to_recordset($4) as x(kind text, external_id text, at timestamptz,
           ended_at timestamptz, views bigint, likes bigint, comments bigint, shares bigint,
           score bigint, upvote_ratio real, audience bigint)
         returning id`,
        [workspaceId, sourceId, platform, JSON.stringify(rows)],
      )
      return made.map(({ id }) => String(id))
    },
    looks: async (looks) => {
      await client.query(
        `insert into post_samples (workspace_id, post_id, sampled_at, views, likes, comments, shares,
           score, viewers)
         select $1, post, at, views, likes, comments, shares, score, viewers
         from json_to_recordset($2) as x(post bigint, at timestamptz, views bigint, likes bigint,
           comments bigint, shares bigint, score bigint, viewers bigint)`,
        [workspaceId, JSON.stringify(looks)],
      )
    },
    get: async <Body>(path: string) => {
      const answer = await person.call('GET', path)
      if (answer.status !== 200) {
        throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
      }
      return answer.body as Body
    },
    fold: async () => {
      await client.query('select fold_rollups($1, 1000000)', [workspaceId])
    },
    close: async () => {
      await collected.close()
      await app.close()
    },
  }
}
