import type { RedditComment, RedditPost, Subreddit } from '../world/reddit.world.ts'

export type Thing = { kind: string; data: Record<string, unknown> }

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Without raw_json=1 Reddit escapes every text for HTML. */
export const texts = (raw: boolean) => (raw ? (text: string) => text : escaped)
export type Texts = ReturnType<typeof texts>

const asHtml = (text: string, say: Texts) =>
  text === ''
    ? null
    : say(
        `<!-- SC_OFF --><div class="md"><p>${escaped(text).replaceAll('\n\n', '</p>\n\n<p>')}</p>\n</div><!-- SC_ON -->`,
      )

const slug = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')
    .slice(0, 50)

const seconds = (ms: number) => Math.floor(ms / 1000)

export function presentPost(post: RedditPost, subreddit: Subreddit, say: Texts): Thing {
  const { id, author } = post
  const permalink = `/r/${subreddit.name}/comments/${id}/${slug(post.title)}/`
  return {
    kind: 't3',
    data: {
      id,
      name: `t3_${id}`,
      subreddit: subreddit.name,
      subreddit_id: `t5_${subreddit.id}`,
      subreddit_name_prefixed: `r/${subreddit.name}`,
      subreddit_type: 'public',
      subreddit_subscribers: subreddit.subscribers,
      title: say(post.title),
      selftext: say(post.selftext),
      selftext_html: asHtml(post.selftext, say),
      is_self: post.link === null,
      url: post.link === null ? `https://www.reddit.com${permalink}` : say(post.link),
      domain: post.link === null ? `self.${subreddit.name}` : hostOf(post.link),
      permalink,
      author: author ?? '[deleted]',
      ...(author && { author_fullname: `t2_${slug(author)}` }),
      created: seconds(post.presentedMs),
      created_utc: seconds(post.presentedMs),
      edited: false,
      score: post.score,
      ups: post.ups,
      downs: post.downs,
      ...(post.upvoteRatio !== null && { upvote_ratio: post.upvoteRatio }),
      num_comments: post.comments,
      num_crossposts: 0,
      link_flair_text: post.flair === null ? null : say(post.flair),
      over_18: post.over18,
      spoiler: false,
      locked: false,
      stickied: post.stickied,
      archived: false,
      hidden: false,
      pinned: false,
      is_video: false,
      is_original_content: false,
      removed_by_category: post.removed ? 'moderator' : null,
      distinguished: null,
      gilded: 0,
      total_awards_received: 0,
      thumbnail: post.link === null ? 'self' : 'default',
      media: null,
      view_count: null,
      likes: null,
      saved: false,
    },
  }
}

function hostOf(link: string): string {
  try {
    return new URL(link).hostname
  } catch {
    return 'example.com'
  }
}

export function presentSubreddit(subreddit: Subreddit, say: Texts): Thing {
  const { id, name, online, subscribers } = subreddit
  return {
    kind: 't5',
    data: {
      id,
      name: `t5_${id}`,
      display_name: name,
      display_name_prefixed: `r/${name}`,
      title: say(subreddit.title),
      public_description: say(subreddit.description.split('\n')[0] ?? ''),
      description: say(subreddit.description),
      description_html: asHtml(subreddit.description, say),
      url: `/r/${name}/`,
      subscribers,
      active_user_count: online,
      accounts_active: online,
      accounts_active_is_fuzzed: false,
      created: seconds(subreddit.createdAt.getTime()),
      created_utc: seconds(subreddit.createdAt.getTime()),
      subreddit_type: subreddit.standing === 'private' ? 'private' : 'public',
      over18: subreddit.over18,
      quarantine: false,
      lang: 'en',
      icon_img: '',
      community_icon: '',
      banner_img: '',
      public_traffic: false,
      link_flair_enabled: true,
      submission_type: 'any',
      user_is_subscriber: null,
    },
  }
}

type Place = {
  postId: string
  parent: string
  subreddit: Subreddit
  depth: number
  byPoster: boolean
}

export function presentComment(
  comment: RedditComment,
  place: Place,
  replies: Thing | '',
  say: Texts,
): Thing {
  const { subreddit, postId } = place
  return {
    kind: 't1',
    data: {
      id: comment.id,
      name: `t1_${comment.id}`,
      link_id: `t3_${postId}`,
      parent_id: place.parent,
      subreddit: subreddit.name,
      subreddit_id: `t5_${subreddit.id}`,
      subreddit_name_prefixed: `r/${subreddit.name}`,
      author: comment.author ?? '[deleted]',
      ...(comment.author && { author_fullname: `t2_${slug(comment.author)}` }),
      body: say(comment.body),
      body_html: asHtml(comment.body, say),
      score: comment.score,
      ups: comment.score,
      downs: 0,
      score_hidden: false,
      controversiality: comment.score < 0 ? 1 : 0,
      created: seconds(comment.presentedMs),
      created_utc: seconds(comment.presentedMs),
      edited: false,
      depth: place.depth,
      is_submitter: place.byPoster,
      stickied: false,
      distinguished: null,
      collapsed: false,
      gilded: 0,
      permalink: `/r/${subreddit.name}/comments/${postId}/comment/${comment.id}/`,
      likes: null,
      saved: false,
      replies,
    },
  }
}
