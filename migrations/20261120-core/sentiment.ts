const scoreColumns = `
    negative real not null,
    neutral real not null,
    positive real not null,
    compound real not null`

export const sentimentTables = [
  `create table sentiments (
    post_id bigint primary key references posts (id) on delete cascade,
    workspace_id bigint not null references workspaces (id) on delete cascade,
    model text not null,${scoreColumns},
    scored_at timestamptz not null
  );`,
  // The backlog: written with the post, in one transaction, and gone with its score.
  `create table unscored_posts (
    post_id bigint primary key references posts (id) on delete cascade,
    workspace_id bigint not null references workspaces (id) on delete cascade
  );`,
  'create index unscored_posts_workspace_index on unscored_posts (workspace_id, post_id);',
  // Scores of texts, not texts: nothing here belongs to a workspace. MD5 is the look-up key; length
  // and SHA-256 decide whether a hit is the same text, because two texts can share an MD5.
  `create table sentiment_cache (
    model text not null,
    text_md5 text not null,
    text_length integer not null,
    text_sha256 text not null,${scoreColumns},
    created_at timestamptz not null,
    primary key (model, text_md5)
  );`,
]
