import { afterEach, beforeEach } from '@jest/globals'
import type { Json } from '../../src/core/json.ts'
import type {
  Collected,
  CollectFailure,
  CollectTarget,
  OpenPlatform,
  PlatformPost,
} from '../../src/platforms/platform.ts'
import { twitter } from '../../src/platforms/twitter/twitter.platform.ts'
import { type MeteredTools, meteredTools } from './metered-tools.ts'
import { all } from './platform-tools.ts'
import { type Reply, type Request, type ScriptedServer, scriptedServer } from './scripted-server.ts'
import { type XStub, xAnswer, xPost } from './x-server.ts'

export const bearerToken = 'canary-bearer'
export const minute = 60_000
export const day = 86_400_000
export const now = new Date('2026-11-20T12:00:00Z')
export const ids = Array.from({ length: 100 }, (_, index) => String(1_000 + index))

type Options = Partial<Parameters<typeof meteredTools>[0]>

/** A small X with a hundred accounts and $50, fresh for each test of a suite. */
export type XFixture = {
  server: ScriptedServer
  tools: MeteredTools
  x: XStub
  /** An answer in place of the small X's own. */
  override: (request: Request) => Reply | null
  setUp: (more?: Options) => MeteredTools
  open: () => OpenPlatform
  collect: (targets: CollectTarget[]) => Promise<Collected[]>
  later: (ms: number) => void
  /** A post of this age; returns its id. */
  write: (id: string, ms?: number, more?: { [field: string]: unknown }) => string
}

export function xFixture(): XFixture {
  const fixture = {
    setUp: (more: Options = {}) =>
      meteredTools({
        baseUrl: fixture.server.url,
        now,
        limits: { micro_dollars: 50_000_000 },
        ...more,
      }),
    open: () => twitter.open({ bearerToken }, fixture.tools),
    collect: async (targets: CollectTarget[]) =>
      (await all(fixture.open().collect(targets))).filter(isCollected),
    later: (ms: number) => {
      fixture.tools.at.now = new Date(fixture.tools.at.now.getTime() + ms)
    },
    write: (id: string, ms = 5 * minute, more = {}) => {
      const post = xPost(id, fixture.tools.at.now, ms, more)
      fixture.x.posts.push(post)
      return post.id
    },
  } as XFixture
  beforeEach(async () => {
    fixture.override = () => null
    fixture.server = await scriptedServer(
      (request) => fixture.override(request) ?? xAnswer(fixture.x, request),
    )
    fixture.tools = fixture.setUp()
    fixture.x = {
      posts: [],
      names: new Map(ids.map((id) => [id, `account${id}`])),
      now: () => fixture.tools.at.now,
      fields: 'tweet.fields',
      unknownFields: 'refused',
    }
  })
  afterEach(() => fixture.server.close())
  return fixture
}

export const targetOf = (id: string, cursor: Json = null): CollectTarget => ({
  ref: `ref-${id}`,
  externalId: id,
  handle: `account${id}`,
  details: {},
  cursor,
  statisticsAt: now,
})

export const isCollected = (item: Collected | CollectFailure): item is Collected =>
  !('error' in item)

/** The same targets where the caller would put them after a run. */
export const next = (targets: CollectTarget[], items: Collected[]): CollectTarget[] =>
  targets.map((target) => ({
    ...target,
    cursor: items.find(({ ref }) => ref === target.ref)?.cursor ?? null,
  }))

export const postsIn = (items: Collected[]): PlatformPost[] => items.flatMap(({ posts }) => posts)
