import { contextOf } from '../../src/compose.ts'
import { commandOrigin } from '../../src/core/origin.ts'
import { forWorkspace } from '../../src/database/database.ts'
import { recomputeThreads } from '../../src/features/threads/index.ts'
import { type SignedIn, startTestApp, type TestApp } from './app.ts'
import { type Collected, collectedBy } from './collected.ts'

const now = new Date('2026-11-20T12:00:00Z')

export type ThreadWorld = {
  app: TestApp
  person: SignedIn
  world: Collected
  /** Empties the workspace and gives it a subreddit of its own. */
  startAfresh: () => Promise<string>
  /** A post with comments under it, whose ids are made its own. Gives the post's id. */
  write: (comments: WrittenComment[], publishedAt?: string) => Promise<string>
  /** Takes the shape of every thread. */
  shapeAll: () => Promise<number>
  /** The answer to a question that is a right one. */
  ask: <Body>(path: string) => Promise<Body>
  close: () => Promise<void>
}

/** An API on a clock that stands still, with threads written straight into its database. */
export async function openThreads(): Promise<ThreadWorld> {
  const app = await startTestApp({ clock: { now: () => now } })
  const person = await app.signIn()
  const world = await collectedBy(app, person)
  let sourceId = ''
  let serial = 0
  return {
    app,
    person,
    world,
    startAfresh: async () => {
      await world.client.query('delete from posts')
      sourceId = await world.source('reddit', `sub${++serial}`)
      return sourceId
    },
    write: async (comments, publishedAt = '2026-11-19T00:00:00Z') => {
      const externalId = `t${++serial}`
      const title = `Thread ${externalId}`
      const post = { external_id: externalId, title, published_at: publishedAt }
      const id = await world.post(sourceId, post)
      const own = comments.map((one) => ({
        ...one,
        id: `${externalId}.${one.id}`,
        parent: one.parent && `${externalId}.${one.parent}`,
      }))
      await writeComments(world, { sourceId, externalId, publishedAt }, own)
      return id
    },
    shapeAll: () => shapeAll(app, world),
    ask: async (path) => {
      const { status, body } = await person.call('GET', path)
      if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
      return body
    },
    close: async () => {
      await world.close()
      await app.close()
    },
  }
}

export type WrittenComment = {
  id: string
  /** The id of another comment; null: it answers the post. */
  parent: string | null
  /** Reddit: its score. */
  engagement?: number | null
  body?: string | null
  /** Minutes after the post. */
  minutes?: number
}

/** Comments as collection would have written them: rows of one thread, in one statement. */
async function writeComments(
  { client, workspaceId }: Collected,
  thread: { sourceId: string; externalId: string; publishedAt: string },
  comments: WrittenComment[],
): Promise<void> {
  const rows = comments.map(
    ({ id, parent, engagement = 1, body = `text of ${id}`, minutes }, at) => ({
      external_id: id,
      reply_to: parent ?? thread.externalId,
      score: engagement,
      body,
      minutes: minutes ?? at,
    }),
  )
  await client.query(
    `insert into posts (workspace_id, source_id, platform, kind, external_id, thread_id, reply_to, body,
       score, published_at, fetched_at)
     select $1, s.id, s.platform, 'comment', x.external_id, $3, x.reply_to, x.body, x.score,
       $4::timestamptz + x.minutes * interval '1 minute', now()
     from sources s, json_to_recordset($5::json)
       as x(external_id text, reply_to text, body text, score bigint, minutes float8)
     where s.id = $2`,
    [workspaceId, thread.sourceId, thread.externalId, thread.publishedAt, JSON.stringify(rows)],
  )
}

const shapeAll = (app: TestApp, { workspaceId }: Collected): Promise<number> => {
  const ctx = contextOf(app.parts, new AbortController().signal, commandOrigin('test'))
  return recomputeThreads({ ...ctx, em: forWorkspace(ctx.em, workspaceId) })
}

/** n nodes with the post. */
export const star = (n: number): WrittenComment[] =>
  Array.from({ length: n - 1 }, (_, at) => ({ id: `s${at}`, parent: null }))
export const chain = (n: number): WrittenComment[] =>
  Array.from({ length: n - 1 }, (_, at) => ({
    id: `k${at}`,
    parent: at === 0 ? null : `k${at - 1}`,
  }))
export const binary = (): WrittenComment[] =>
  [null, null, 'b0', 'b0', 'b1', 'b1'].map((parent, at) => ({ id: `b${at}`, parent }))

export type Figure = { value: number | null; n: number; definition: string; reason?: string }
export type Spread = Record<'mean' | 'median' | 'max', Figure>
export type Bucket = { from: number; to: number | null; threads: number }
export type Thread = {
  postId: string
  size: number
  depth: number
  virality: Figure
  missing: number
  reasons: Record<string, string>
}
export type Depths = Record<'depth' | 'size' | 'breadth' | 'virality' | 'halfTimeS', Spread> & {
  threads: number
  incomplete: number
  distribution: Record<'depth' | 'size' | 'breadth', Bucket[]>
  deepest: Thread[]
  items: Thread[]
  nextCursor: string | null
}
export type Node = { id: string; externalId: string; parent: string | null; depth: number }
export type Chains = {
  items: {
    thread: Thread
    depth: number
    engagement: number
    nodes: (Node & { engagement: number | null; text: string | null })[]
    leftOut: number
  }[]
  nextCursor: string | null
}
export type PostThread = { postId: string; shape: Thread & { cycles: number; orphans: number } } & {
  items: Node[]
  nextCursor: string | null
}
