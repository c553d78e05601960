import { units, type YoutubeClient } from './youtube.client.ts'
import { type Comment, Comments, type CommentThread, CommentThreads } from './youtube.shapes.ts'

const perPage = 100
const plain = { textFormat: 'plainText', maxResults: perPage }

export type Page<Item> = { items: Item[]; next: string | null }
const after = (pageToken: string | null) => (pageToken === null ? {} : { pageToken })

/** 100 threads of a video for one unit, the newest first, each with some of its replies. */
export async function threadsPage(
  client: YoutubeClient,
  videoId: string,
  pageToken: string | null,
): Promise<Page<CommentThread>> {
  const endpoint = { what: 'commentThreads.list', bucket: units, schema: CommentThreads } as const
  const part = ['snippet', 'replies']
  const params = { part, videoId, order: 'time', ...plain, ...after(pageToken) }
  const { items, nextPageToken } = await client.ask(endpoint, (api, options) =>
    api.commentThreads.list(params, options),
  )
  return { items: items ?? [], next: nextPageToken || null }
}

/** 100 replies of one thread for one unit. */
export async function repliesPage(
  client: YoutubeClient,
  parentId: string,
  pageToken: string | null,
): Promise<Page<Comment>> {
  const endpoint = { what: 'comments.list', bucket: units, schema: Comments } as const
  const params = { part: ['snippet'], parentId, ...plain, ...after(pageToken) }
  const { items, nextPageToken } = await client.ask(endpoint, (api, options) =>
    api.comments.list(params, options),
  )
  return { items: items ?? [], next: nextPageToken || null }
}
