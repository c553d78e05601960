/** What analytics need of the tables that are there. */
export const analyticsColumns = [
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
  `create index posts_promoted_index on posts (workspace_id, published_at desc)
     where promoted;`,
  `alter table sources
     add column collects_comments boolean not null default false,
     add column audience_zone text;`,
  'create index post_tags_time_index on post_tags (workspace_id, published_at, tag, post_id);',
]
