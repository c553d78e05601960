import { z } from 'zod'
import { pageLimit } from '../../../core/paging.ts'
import { Id } from '../../../http/id.ts'
import { platformIds } from '../../../platforms/index.ts'
import { DefinitionView } from '../frame/definitions.ts'
import { Figure } from '../frame/figure.ts'
import { reasonsFor } from '../frame/reasons.ts'

/** What a thread is measured by; the post itself is one of its nodes. */
const shape = {
  size: z.number().int().describe('Nodes: the comments and the post'),
  depth: z.number().int().describe('From the post to its farthest comment; 0: nobody answered'),
  breadth: z.number().int().describe('The most comments at one depth'),
  virality: Figure.describe('Structural virality; null of fewer than two nodes'),
  halfTimeS: z.number().nullable().describe('Seconds until half of the comments were there'),
  authors: z.number().int(),
  orphans: z.number().int().describe('Their parent is not there: counted as answers to the post'),
  cycles: z.number().int().describe('Circles of parents, each cut at one of its comments'),
  missing: z
    .number()
    .int()
    .nullable()
    .describe('Comments that the platform tells of and we have not; null: never looked'),
}
const shapeNulls = ['halfTimeS', 'missing'] as const

export const ThreadView = z
  .object({
    postId: Id,
    platform: z.enum(platformIds),
    sourceId: Id,
    title: z.string().nullable().describe('Or how its text begins'),
    url: z.string().nullable(),
    publishedAt: z.iso.datetime(),
    ...shape,
    bestChainEngagement: z
      .number()
      .int()
      .nullable()
      .describe('Of the chain with the most, as far as told; null: nothing of any is'),
    reasons: reasonsFor([...shapeNulls, 'bestChainEngagement']),
    computedAt: z.iso.datetime(),
  })
  .meta({ id: 'Thread' })
export type ThreadView = z.infer<typeof ThreadView>

export const ThreadQuery = z.strictObject({
  limit: pageLimit(100, 1_000),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
})
export type ThreadQuery = z.infer<typeof ThreadQuery>

export const CommentView = z
  .object({
    id: Id.describe('It is a post of its own: GET /api/posts/{id}'),
    externalId: z.string().describe("The platform's own id"),
    parent: z.string().nullable().describe('externalId of what it answers; null: the post'),
    depth: z.number().int().describe('1 answers the post'),
    author: z.object({ id: Id, handle: z.string() }).nullable(),
    text: z.string().nullable().describe('Null: deleted or removed'),
    engagement: z.number().int().nullable(),
    reasons: reasonsFor(['engagement']),
    publishedAt: z.iso.datetime(),
  })
  .meta({ id: 'Comment' })

export const PostThread = z
  .object({
    postId: Id,
    shape: z
      .object({ ...shape, reasons: reasonsFor(shapeNulls) })
      .describe('As of the comments that are here now'),
    items: z.array(CommentView).describe('Oldest first'),
    nextCursor: z.string().nullable().describe('Null: this was the last page'),
    definitions: z.array(DefinitionView),
  })
  .meta({ id: 'PostThread' })
