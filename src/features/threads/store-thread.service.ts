import type { EntityManager } from '@mikro-orm/postgresql'
import {
  type CommentThread,
  noMetrics,
  type PlatformComment,
  type PlatformPost,
} from '../../platforms/platform.ts'
import { type Ingested, ingestPosts } from '../posts/index.ts'
import type { DueThread } from './due-threads.queries.ts'
import { findThreadRoots } from './replies.queries.ts'
import { planNextLook } from './thread-schedule.repository.ts'
import { shapeThread } from './thread-shapes.service.ts'

type Owner = { workspaceId: string; profileId: string; platform: { id: string } }

const commentsAStatement = 1_000

/**
 * The comments of one post, its shape and its next look, in one transaction: killed before the commit
 * the look is still due, and a second look writes the same rows. null: the post was deleted meanwhile.
 */
export async function storeThread(
  whole: EntityManager,
  owner: Owner,
  due: DueThread,
  { comments, complete }: CommentThread,
  now: Date,
): Promise<Ingested | null> {
  return whole.transactional(async (inner) => {
    const em = inner as EntityManager
    const [root] = await findThreadRoots(em, [due.post_id])
    if (!root) return null
    const target = {
      workspaceId: owner.workspaceId,
      profileId: owner.profileId,
      platform: owner.platform.id,
      sourceId: due.source_id,
      // A thread is looked at as a whole, so none of its comments is followed on its own.
      refreshableKinds: [],
      sampleAges: [],
    }
    const total: Ingested = { posts: 0, newPosts: 0, samples: 0 }
    for (let from = 0; from < comments.length; from += commentsAStatement) {
      const some = comments.slice(from, from + commentsAStatement)
      const posts = some.map((comment) => postOf(comment, due.external_id))
      const stored = await ingestPosts(em, target, posts, now)
      total.posts += stored.posts
      total.newPosts += stored.newPosts
      total.samples += stored.samples
    }
    await shapeThread(em, root, now, complete)
    await planNextLook(em, due.post_id, now)
    return total
  })
}

/** A comment is a post that answers another. Tags are what a poster files a post under: it has none. */
const postOf = (comment: PlatformComment, threadId: string): PlatformPost => ({
  externalId: comment.externalId,
  kind: 'comment',
  author: comment.author,
  title: null,
  body: comment.text,
  url: comment.url,
  lang: null,
  hashtags: [],
  mentions: comment.mentions,
  replyTo: comment.parentExternalId ?? threadId,
  threadId,
  category: null,
  publishedAt: comment.publishedAt,
  metrics: { ...noMetrics, likes: comment.likes, score: comment.score },
  extra: comment.extra,
})
