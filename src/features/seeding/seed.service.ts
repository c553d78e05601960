import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { forWorkspace } from '../../database/database.ts'
import { createProfile } from '../credentials/index.ts'
import { foldRollups } from '../rollups/index.ts'
import { recomputeThreads } from '../threads/index.ts'
import { communityWorld } from './community/community.ts'
import { newsroomWorld } from './newsroom/newsroom.ts'
import {
  disableProfiles,
  emptyWorkspace,
  findContent,
  openMonths,
  writeAuthors,
  writePosts,
  writeSources,
} from './seeding.repository.ts'
import type { World } from './world.ts'

export type SeedOptions = {
  shape: 'community' | 'newsroom'
  seed: number
  epochMs: number
  users: number
  posts: number
  hashtags: number
  authors: number
  engagements: number
  replace: boolean
}

export type Seeded = {
  sources: number
  authors: number
  posts: number
  comments: number
  samples: number
  threads: number
}

type Needs = Pick<
  Context,
  'em' | 'clock' | 'log' | 'origin' | 'secretStores' | 'platforms' | 'signal'
>
type OnProgress = (done: number, all: number) => void

const profileName = 'Seeded'
const whyDisabled = 'Seeded data: this profile has no real credentials, and nothing is collected.'
const postsABatch = 1_000

const worldOf = (options: SeedOptions): World =>
  options.shape === 'newsroom' ? newsroomWorld(options) : communityWorld(options)

/**
 * Fills a workspace with a made-up world, the same for the same options. Whole or not at all: what was
 * there before is replaced in the same transaction, and only if a seeding made it.
 */
export async function seedWorkspace(
  ctx: Needs,
  workspaceId: string,
  options: SeedOptions,
  onProgress: OnProgress = () => {},
): Promise<Seeded> {
  const world = worldOf(options)
  const own = { ...ctx, em: forWorkspace(ctx.em, workspaceId) }
  const samples = await own.em.transactional(async (inner) => {
    const em = inner as EntityManager
    await makeRoom(em, options.replace)
    await openMonths(em, world)
    const profiles = await makeProfiles({ ...own, em }, workspaceId, world)
    return writeWorld(em, workspaceId, world, profiles, onProgress)
  })
  await foldRollups(ctx)
  const comments = world.posts.filter(({ kind }) => kind === 'comment').length
  return {
    sources: world.sources.length,
    authors: world.authors.length,
    posts: world.posts.length - comments,
    comments,
    samples,
    threads: comments === 0 ? 0 : await recomputeThreads(own),
  }
}

async function makeRoom(em: EntityManager, replace: boolean): Promise<void> {
  const { profiles, seeded, sources } = await findContent(em, profileName)
  if (profiles === 0 && sources === 0) return
  if (seeded < profiles) {
    const message = 'This workspace holds data of its own: seed another one. Nothing was changed.'
    throw new AppError('conflict', message)
  }
  if (!replace) {
    const message =
      'This workspace is seeded already: --replace writes it anew. Nothing was changed.'
    throw new AppError('conflict', message)
  }
  await emptyWorkspace(em)
}

/** Values that fit each platform's fields and open nothing. */
const credentials = {
  twitter: { bearerToken: 'seeded-without-a-token' },
  youtube: { apiKey: 'seeded-without-a-key' },
  reddit: {
    clientId: 'seeded',
    clientSecret: 'seeded-without-a-secret',
    userAgent: 'linux:earshot-seed:1.0 (by /u/seeded)',
  },
}

/** Sealed as any other, by the same service; and switched off before anybody can ask with them. */
async function makeProfiles(
  ctx: Needs,
  workspaceId: string,
  world: World,
): Promise<Map<string, string>> {
  const made = new Map<string, string>()
  for (const platform of new Set(world.sources.map((source) => source.platform))) {
    const { id } = await createProfile(ctx, workspaceId, {
      platform,
      name: profileName,
      credentials: credentials[platform],
      limits: {},
    })
    made.set(platform, id)
  }
  await disableProfiles(ctx.em, whyDisabled)
  return made
}

async function writeWorld(
  em: EntityManager,
  workspaceId: string,
  world: World,
  profiles: ReadonlyMap<string, string>,
  onProgress: OnProgress,
): Promise<number> {
  const sources = await writeSources(em, workspaceId, profiles, world)
  const authors = await writeAuthors(em, workspaceId, world)
  const followers = new Map(world.sources.map((one) => [one.externalId, one.followers]))
  let samples = 0
  for (let from = 0; from < world.posts.length; from += postsABatch) {
    const batch = world.posts.slice(from, from + postsABatch)
    samples += await writePosts(em, workspaceId, world, batch, { sources, authors, followers })
    onProgress(Math.min(world.posts.length, from + postsABatch), world.posts.length)
  }
  return samples
}
