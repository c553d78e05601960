/** What analytics need of the tables that are there. */
export const analyticsColumns = [
  // What people did with a post; null where the platform reports none of it.
  `create function engagement_of(platform text, likes bigint, comments bigint, shares bigint,
     score bigint) returns bigint language sql immutable parallel safe as $$
     select case platform
       when 'reddit' then case when score is null and comments is null then null
         else greatest(coalesce(score, 0), 0) + coalesce(comments, 0) end
       when 'twitch' then null
       else case when likes is null and comments is null and shares is null then null
         else coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) end
     end $$;`,
  // A column, so that the best of a million posts are one look at an index, and with what a question
  // asks of them inside it, the posts that are not meant are passed over without being read.
  `alter table posts add column engagement bigint
     generated always as (engagement_of(platform, likes, comments, shares, score)) stored;`,
  `create index posts_workspace_engagement_index
     on posts (workspace_id, engagement desc nulls last, id desc)
     include (published_at, source_id, kind);`,
  `create index posts_workspace_views_index on posts (workspace_id, views desc nulls last, id desc)
     include (published_at, source_id, kind);`,
  // The source's audience at the look nearest to publication: a rate by followers divides by this.
  `alter table posts
     add column audience bigint,
     add column audience_at timestamptz,
     add column thread_id text,
     add column promoted boolean not null default false;`,
  // The comments of one thread; thread_id is the external id of the post that they hang under.
  `create index posts_thread_index on posts (source_id, thread_id, published_at)
     where thread_id is not null;`,
  'create index posts_workspace_category_index on posts (workspace_id, category, published_at desc);',
  `create index posts_promoted_index on posts (workspace_id, published_at desc, id desc)
     where promoted;`,
  `alter table sources
     add column collects_comments boolean not null default false,
     add column audience_zone text;`,
  'create index post_tags_time_index on post_tags (workspace_id, published_at, tag, post_id);',
]
