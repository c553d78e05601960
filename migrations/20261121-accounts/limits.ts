/** rate-limiter-flexible's own table. A crash may empty it: then everybody starts anew. */
export const limitTables = [
  `create unlogged table rate_limits (
    key text primary key,
    points integer not null default 0,
    expire bigint
  );`,
  'create index rate_limits_expire_index on rate_limits (expire);',
]
