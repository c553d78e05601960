import { Redis } from 'ioredis'
import { queueSchema } from '../../database/migrate.ts'
import type { OpenedDatabase } from './database.ts'
import { type Finding, fail, messageOf, ok, warn } from './finding.ts'

const what = 'queue store'

export async function checkQueueOnPostgres({ owner }: OpenedDatabase): Promise<Finding> {
  const { rows } = await owner.query(
    `select exists (select from pg_namespace where nspname = $1) as made,
            case when exists (select from pg_namespace where nspname = $1)
              then has_schema_privilege('earshot_app', $1, 'create') end as usable`,
    [queueSchema],
  )
  const { made, usable } = rows[0]
  const advice = '`npm run earshot -- migrate` makes it.'
  if (!made) return warn(what, `PostgreSQL, whose schema ${queueSchema} is not made yet`, advice)
  if (!usable) return fail(what, `earshot_app may not create in schema ${queueSchema}`, advice)
  return ok(what, `PostgreSQL, schema ${queueSchema}`)
}

const oldestRedis = [6, 2] as const

export async function checkQueueOnRedis(url: string): Promise<Finding[]> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3_000,
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
  })
  let refusal: Error | null = null
  redis.on('error', (error: Error) => {
    refusal ??= error
  })
  try {
    await redis.connect()
    return readInfo(await redis.info())
  } catch (error) {
    const { hostname, port } = new URL(url)
    const found = `Redis at ${hostname}:${port || 6379} cannot be used: ${messageOf(refusal ?? error)}`
    const advice = 'Start it, mend REDIS_URL, or leave REDIS_URL out for a queue on PostgreSQL.'
    return [fail(what, found, advice)]
  } finally {
    redis.disconnect()
  }
}

/** INFO rather than CONFIG GET: hosted Redis often forbids the latter. */
export function readInfo(info: string): Finding[] {
  const facts = new Map(
    info.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1)] as const
    }),
  )
  const version = facts.get('redis_version') ?? '0'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = oldestRedis
  const recent = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  const policy = facts.get('maxmemory_policy') ?? 'unknown'
  return [
    recent
      ? ok(what, `Redis ${version}`)
      : fail(what, `Redis ${version}`, 'Use Redis 6.2 or later.'),
    policy === 'noeviction'
      ? ok('Redis memory', 'maxmemory-policy noeviction')
      : fail(
          'Redis memory',
          `maxmemory-policy ${policy} lets Redis throw tasks away`,
          'redis-cli config set maxmemory-policy noeviction (and in redis.conf)',
        ),
    facts.get('aof_enabled') === '1'
      ? ok('Redis on disk', 'append-only file on')
      : warn(
          'Redis on disk',
          'no append-only file: a restart forgets what waits, and the schedule puts it back',
          'appendonly yes, appendfsync everysec',
        ),
  ]
}
