import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { z } from 'zod'
import { Environment } from './env.ts'

type Variables = Record<string, string | undefined>

/** Thrown when the set-up is wrong; the message is for the person who starts Earshot. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export type Config = ReturnType<typeof toConfig>

const databaseUrlOf = (env: Environment): string | null => {
  if (env.DATABASE_URL) return env.DATABASE_URL
  if (!env.DB_HOST) return null
  const url = new URL(`postgresql://${env.DB_HOST}:${env.DB_PORT}/${env.DB_NAME}`)
  url.username = encodeURIComponent(env.DB_USER)
  url.password = encodeURIComponent(env.DB_PASSWORD ?? '')
  return url.href
}

const redisUrlOf = (env: Environment): string | null => {
  if (env.REDIS_URL) return env.REDIS_URL
  return env.REDIS_HOST ? `redis://${env.REDIS_HOST}:${env.REDIS_PORT}` : null
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** What decides over who enters, and how they are written to. */
const toAccountsConfig = (env: Environment) => ({
  auth: {
    jwtSecret: env.JWT_SECRET ?? null,
    accessTokenMinutes: env.ACCESS_TOKEN_MINUTES,
    refreshTokenDays: env.REFRESH_TOKEN_DAYS,
    passwordHashCost: env.PASSWORD_HASH_COST,
    /** invited: only addresses that hold an invitation may open an account. */
    registration: env.REGISTRATION,
  },
  mail: {
    /** null: mails are kept in the data folder. */
    smtpUrl: env.SMTP_URL ?? null,
    from: env.MAIL_FROM,
    folder: resolve(env.DATA_DIR, 'mail'),
  },
  /** Requests in a window of so many minutes, by address and by person. */
  rateLimits: {
    windowS: env.RATE_LIMIT_MINUTES * 60,
    anonymous: env.RATE_LIMIT_ANONYMOUS,
    user: env.RATE_LIMIT_USER,
  },
  secretStore: {
    kind: env.SECRET_STORE,
    region: env.AWS_REGION ?? null,
    /** null: Amazon's own address in that region. */
    url: env.AWS_SECRETS_URL ?? null,
    prefix: env.AWS_SECRETS_PREFIX,
  },
})

const toConfig = (env: Environment) => ({
  production: env.NODE_ENV === 'production',
  environment: env.NODE_ENV,
  logLevel: env.LOG_LEVEL,
  /** A clock that stands still, for rehearsals; null: the system's. */
  clockAt: env.CLOCK_AT ? new Date(env.CLOCK_AT) : null,
  dataFolder: resolve(env.DATA_DIR),
  http: {
    host: env.HOST,
    port: env.PORT,
    corsOrigins: list(env.CORS_ORIGINS),
    trustProxy: list(env.TRUST_PROXY),
    metricsToken: env.METRICS_TOKEN ?? null,
    publicDocs: env.PUBLIC_DOCS ?? env.NODE_ENV !== 'production',
    /** Where people reach the API: what links in mails start with, without a slash at the end. */
    publicUrl: (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/$/, ''),
  },
  database: {
    /** null: the embedded PostgreSQL. */
    url: databaseUrlOf(env),
    appUrl: env.DATABASE_APP_URL ?? null,
    poolMax: env.DB_POOL_MAX,
    slowQueryMs: env.DB_SLOW_QUERY_MS,
    retry: {
      attempts: env.DB_RETRY_ATTEMPTS,
      minWaitS: env.DB_RETRY_MIN_WAIT,
      maxWaitS: env.DB_RETRY_MAX_WAIT,
    },
  },
  /** null: queues, cache and live bus stand on PostgreSQL. */
  redisUrl: redisUrlOf(env),
  ...toAccountsConfig(env),
  /** 'id:base64 of 32 bytes', newest first, comma separated. */
  encryptionKeys: env.ENCRYPTION_KEYS ?? null,
  sentryDsn: env.SENTRY_DSN ?? null,
  analytics: {
    /** Answers are computed again before somebody asks again. */
    warming: env.ANALYTICS_WARMING,
    /** So long an answer to what trends is given again; 0: each is computed. */
    trendingTtlMs: env.TRENDING_TTL_SECONDS * 1_000,
    /** false: PostgreSQL counts hashtags even where there is Redis. */
    redisCounters: env.ENABLE_REDIS_CACHE,
  },
  sentiment: {
    model: env.SENTIMENT_MODEL ?? null,
    threads: env.SENTIMENT_THREADS,
    hubUrl: env.MODEL_HUB_URL,
  },
  platforms: {
    /** Origin of the sandbox; null: the platforms' own hosts. */
    baseUrl: env.PLATFORM_URL?.replace(/\/$/, '') ?? null,
    timeoutMs: env.PLATFORM_TIMEOUT_MS,
    firstRunPosts: env.FIRST_RUN_POSTS,
    xMonthlyMicroDollars: Math.round(env.X_MONTHLY_DOLLARS * 1_000_000),
    /** The names that X is asked in; answers are read in both. */
    xDialect: env.X_DIALECT,
    minIntervalMinutes: env.MIN_INTERVAL_MINUTES ?? null,
  },
  workers: {
    dispatchEveryMs: env.DISPATCH_EVERY_MS,
    collectConcurrency: env.COLLECT_CONCURRENCY,
    taskLockMs: env.TASK_LOCK_MS,
    host: env.WORKER_HOST,
    statusPort: env.WORKER_PORT,
  },
})

const sentence = (issue: z.core.$ZodIssue, variables: Variables): string => {
  const name = issue.path.join('.')
  const given = variables[name]
  const shown = given === undefined || /SECRET|KEY|TOKEN|PASSWORD|URL|DSN/.test(name) ? '' : given
  return `  ${name}${shown ? ` is '${shown}'` : ''}: ${issue.message}`
}

/** Turns variables into a typed config, or says in sentences what is wrong with them. */
export function readConfig(variables: Variables): Config {
  const parsed = Environment.safeParse(variables)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => sentence(issue, variables))
    throw new ConfigError(
      `The configuration is not right:\n${lines.join('\n')}\n.env.example lists every variable.`,
    )
  }
  const config = toConfig(parsed.data)
  if (config.production) requireSafety(config)
  return config
}

const leastHashCost = 10

/** What makes work easy on a desk and break-ins easy elsewhere. */
function requireSafety({ auth, encryptionKeys }: Config): void {
  if (auth.passwordHashCost < leastHashCost) {
    throw new ConfigError(`In production PASSWORD_HASH_COST must be at least ${leastHashCost}.`)
  }
  if (!auth.jwtSecret || !encryptionKeys) {
    throw new ConfigError(
      'In production JWT_SECRET and ENCRYPTION_KEYS must be set: `npm run earshot -- keys new` makes both.',
    )
  }
}

/** The process's variables over those of a `.env` file beside it. */
export function loadConfig(overrides: Variables = {}): Config {
  return readConfig({ ...readEnvFile(), ...process.env, ...overrides })
}

/** What a child process of ours inherits: everything that we were given, and what we decide for it. */
export const childEnvironment = (overrides: Record<string, string>): Variables => ({
  ...readEnvFile(),
  ...process.env,
  ...overrides,
})

function readEnvFile(): Variables {
  try {
    return parseEnv(readFileSync('.env', 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new ConfigError(`.env cannot be read: ${(error as Error).message}`)
  }
}
