import type { SandboxRequest } from '../http/request.ts'
import type { ThreadRef } from '../world/youtube.world.ts'
import { presentComment, presentThread, threadParts } from './youtube.comment.presenters.ts'
import { isAnswer, listAnswer, pageOf, partsOf } from './youtube.envelope.ts'
import { googleError, noFilter, notFound } from './youtube.errors.ts'
import type { YoutubeHandler } from './youtube.handlers.ts'

const commentsDisabled = () =>
  googleError({
    code: 403,
    message: 'The video identified by the <code>videoId</code> parameter has disabled comments.',
    domain: 'youtube.commentThread',
    reason: 'commentsDisabled',
    location: 'videoId',
  })

export const commentThreads: YoutubeHandler = (youtube, request) => {
  const parts = partsOf(request, threadParts)
  if (isAnswer(parts)) return parts
  const videoId = request.query.get('videoId')
  if (!videoId) return noFilter('allThreadsRelatedToChannelId, channelId, id, videoId')
  const video = youtube.video(videoId)
  if (!video) return notFound('video')
  if (video.comments === null) return commentsDisabled()
  const refs = youtube.threads(videoId).toSorted(orderOf(request))
  const page = pageOf(request, refs, { most: 100, usual: 20 })
  if (isAnswer(page)) return page
  const items = page.items.flatMap((ref) => {
    const thread = youtube.thread(videoId, ref)
    return thread ? presentThread(parts, thread, video, wantsHtml(request)) : []
  })
  return listAnswer(request, 'commentThreadListResponse', {
    ...(page.next && { nextPageToken: page.next }),
    pageInfo: { totalResults: items.length, resultsPerPage: page.size },
    items,
  })
}

const orderOf = ({ query }: SandboxRequest) =>
  query.get('order') === 'relevance'
    ? (a: ThreadRef, b: ThreadRef) => b.likes - a.likes || b.index - a.index
    : (a: ThreadRef, b: ThreadRef) => b.index - a.index

const wantsHtml = ({ query }: SandboxRequest) => query.get('textFormat') !== 'plainText'

/** All replies of one thread: threads themselves show only some. */
export const comments: YoutubeHandler = (youtube, request) => {
  const parts = partsOf(request, ['id', 'snippet'])
  if (isAnswer(parts)) return parts
  const parentId = request.query.get('parentId')
  if (!parentId) return noFilter('id, parentId')
  const found = youtube.threadById(parentId)
  const video = found && youtube.video(found.videoId)
  if (!found || !video) return notFound('video')
  const page = pageOf(request, found.thread.replies, { most: 100, usual: 20 })
  if (isAnswer(page)) return page
  const shown = { video, parentId, html: wantsHtml(request) }
  return listAnswer(request, 'commentListResponse', {
    ...(page.next && { nextPageToken: page.next }),
    pageInfo: { totalResults: page.items.length, resultsPerPage: page.size },
    items: page.items.map((reply) => presentComment(reply, shown)),
  })
}
