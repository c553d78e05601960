/** Comments hang under posts: when they are looked at, and what shape the thread has. */
export const threadTables = [
  // Only posts whose comments are still followed stand here.
  `create table thread_schedule (
    post_id bigint primary key references posts (id) on delete cascade,
    workspace_id bigint not null references workspaces (id) on delete cascade,
    profile_id bigint not null references credential_profiles (id) on delete cascade,
    due_at timestamptz not null
  );`,
  'create index thread_schedule_due_index on thread_schedule (profile_id, due_at);',
  'create index thread_schedule_workspace_index on thread_schedule (workspace_id);',
  // The shape of one thread as of its last look. `chains[d]` is the most engagement that any chain of
  // at least d replies has, so that the answer for every d stands in the row; null: none is known.
  // `missing` counts the comments that the platform tells of and we have not.
  `create table thread_shapes (
    post_id bigint primary key references posts (id) on delete cascade,
    workspace_id bigint not null references workspaces (id) on delete cascade,
    source_id bigint not null,
    platform text not null,
    published_at timestamptz not null,
    size integer not null,
    depth integer not null,
    breadth integer not null,
    virality double precision,
    engagement bigint,
    chains bigint[] not null,
    half_s bigint,
    authors integer not null,
    orphans integer not null,
    cycles integer not null,
    missing integer not null,
    computed_at timestamptz not null
  );`,
  `create index thread_shapes_workspace_index on thread_shapes
     (workspace_id, depth desc, post_id desc) include (published_at, platform, source_id);`,
  `create index thread_shapes_published_index on thread_shapes
     (workspace_id, published_at desc, post_id desc) include (platform, source_id, size, depth, breadth,
       virality, half_s, missing);`,
  'create index thread_shapes_source_index on thread_shapes (source_id, published_at desc);',
]
