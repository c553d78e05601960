import type { YoutubeComment, YoutubeThread, YoutubeVideo } from '../world/youtube.world.ts'
import { pickParts, resource } from './youtube.envelope.ts'
import { seconds } from './youtube.presenters.ts'

type CommentPlace = { video: YoutubeVideo; parentId?: string; html: boolean }

export const presentComment = (comment: YoutubeComment, { video, parentId, html }: CommentPlace) =>
  resource('comment', comment.id, {
    snippet: {
      channelId: video.channelId,
      videoId: video.id,
      textDisplay: html ? asHtml(comment.text) : comment.text,
      textOriginal: comment.text,
      ...(parentId && { parentId }),
      authorDisplayName: comment.authorName,
      authorProfileImageUrl: `https://yt3.ggpht.com/${comment.authorChannelId}/s48.jpg`,
      authorChannelUrl: `http://www.youtube.com/channel/${comment.authorChannelId}`,
      authorChannelId: { value: comment.authorChannelId },
      canRate: true,
      viewerRating: 'none',
      likeCount: comment.likes,
      publishedAt: seconds(comment.presentedMs),
      updatedAt: seconds(comment.presentedMs),
    },
  })

const asHtml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '<br>')

export const threadParts = ['id', 'snippet', 'replies']
/** A thread shows five of its replies; the others are behind `comments`. */
const repliesShown = 5

export function presentThread(
  parts: ReadonlySet<string>,
  thread: YoutubeThread,
  video: YoutubeVideo,
  html: boolean,
) {
  const { replies } = thread
  return resource(
    'commentThread',
    thread.id,
    pickParts(parts, {
      snippet: () => ({
        channelId: video.channelId,
        videoId: video.id,
        topLevelComment: presentComment(thread, { video, html }),
        canReply: true,
        totalReplyCount: replies.length,
        isPublic: true,
      }),
      replies: () =>
        replies.length === 0
          ? null
          : {
              comments: replies
                .slice(-repliesShown)
                .map((reply) => presentComment(reply, { video, parentId: thread.id, html })),
            },
    }),
  )
}
