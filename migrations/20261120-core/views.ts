/**
 * What people's BI tools expect, one view a platform, under the same row-level security:
 * security_invoker makes the reader's own policies apply.
 */
const view = (name: string, body: string) =>
  `create view ${name} with (security_invoker = true) as ${body};`

export const platformViews = [
  view(
    'tweets',
    `select id, source_id as twitter_user_id, external_id as tweet_id, body as text,
       published_at as created_at, likes, shares as retweets, comments as replies, views,
       lang, reply_to, url, fetched_at, workspace_id
     from posts where platform = 'twitter' and kind = 'tweet'`,
  ),
  view(
    'youtube_videos',
    `select id, source_id as channel_id, external_id as video_id, title, body as description,
       published_at, views as view_count, likes as like_count, comments as comment_count,
       category, url, fetched_at, workspace_id
     from posts where platform = 'youtube' and kind = 'video'`,
  ),
  view(
    'reddit_posts',
    `select p.id, p.source_id as subreddit_id, p.external_id as post_id, p.title,
       p.body as content, a.handle as author, p.published_at as created_at, p.score,
       p.comments as num_comments, p.upvote_ratio, p.category as flair, p.url, p.fetched_at,
       p.workspace_id
     from posts p left join authors a on a.id = p.author_id
     where p.platform = 'reddit' and p.kind = 'reddit_post'`,
  ),
  view(
    'twitch_stream_records',
    `select p.id, p.source_id as channel_id, p.external_id as stream_id,
       coalesce(c.title, p.title) as title, coalesce(c.category, p.category) as game_name,
       s.viewers as viewer_count, p.published_at as started_at, p.ended_at,
       p.ended_at is null as is_live, s.sampled_at as recorded_at, p.workspace_id
     from posts p join post_samples s on s.post_id = p.id
     left join lateral (select title, category from stream_changes c
       where c.post_id = p.id and c.changed_at <= s.sampled_at
       order by c.changed_at desc limit 1) c on true
     where p.platform = 'twitch' and p.kind = 'stream'`,
  ),
]
