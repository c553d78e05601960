import { z } from 'zod'

/** 'true', '1', 'yes' / 'false', '0', 'no' */
const flag = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'])
  .transform((value) => ['true', '1', 'yes'].includes(value))

const wholeNumber = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback)

const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be an address that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  })

const postgresUrl = url('postgres:', 'postgresql:')
const httpUrl = url('http:', 'https:')
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

/** Every variable Earshot reads. `.env.example` lists them with the same defaults (a test compares). */
export const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(8080, 0, 65_535),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DATA_DIR: z.string().min(1).default('.earshot'),

  DATABASE_URL: optional(postgresUrl),
  DATABASE_APP_URL: optional(postgresUrl),
  DB_HOST: optional(z.string()),
  DB_PORT: wholeNumber(5432, 1, 65_535),
  DB_NAME: z.string().default('earshot'),
  DB_USER: z.string().default('earshot'),
  DB_PASSWORD: optional(z.string()),
  DB_POOL_MAX: wholeNumber(20, 2, 1_000),
  DB_RETRY_ATTEMPTS: wholeNumber(3, 0, 20),
  DB_RETRY_MIN_WAIT: wholeNumber(1, 0, 60),
  DB_RETRY_MAX_WAIT: wholeNumber(10, 0, 600),
  DB_SLOW_QUERY_MS: wholeNumber(500, 1, 600_000),

  REDIS_URL: optional(url('redis:', 'rediss:')),
  REDIS_HOST: optional(z.string()),
  REDIS_PORT: wholeNumber(6379, 1, 65_535),

  JWT_SECRET: optional(z.string().min(32, 'must be at least 32 characters')),
  ACCESS_TOKEN_MINUTES: wholeNumber(1_440, 1, 10_080),
  REFRESH_TOKEN_DAYS: wholeNumber(30, 1, 365),
  PASSWORD_HASH_COST: wholeNumber(12, 4, 16),
  REGISTRATION: z.enum(['open', 'invited']).default('open'),
  ENCRYPTION_KEYS: optional(z.string()),
  SECRET_STORE: z.enum(['database', 'aws']).default('database'),
  AWS_REGION: optional(z.string()),
  AWS_SECRETS_URL: optional(httpUrl),
  AWS_SECRETS_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9/_+=.@-]{1,100}$/, 'may hold letters, digits and /_+=.@-')
    .default('earshot/'),

  SMTP_URL: optional(url('smtp:', 'smtps:')),
  MAIL_FROM: z.string().min(3).default('Earshot <earshot@localhost>'),
  PUBLIC_URL: optional(httpUrl),

  RATE_LIMIT_MINUTES: wholeNumber(15, 1, 1_440),
  RATE_LIMIT_ANONYMOUS: wholeNumber(100, 1, 10_000_000),
  RATE_LIMIT_USER: wholeNumber(5_000, 1, 10_000_000),

  CORS_ORIGINS: z.string().default(''),
  TRUST_PROXY: z.string().default(''),
  METRICS_TOKEN: optional(z.string().min(16, 'must be at least 16 characters')),
  PUBLIC_DOCS: optional(flag),

  ENABLE_REDIS_CACHE: flag.default(true),
  TRENDING_TTL_SECONDS: wholeNumber(60, 0, 300),
  ANALYTICS_WARMING: flag.default(true),

  SENTRY_DSN: optional(httpUrl),

  SENTIMENT_MODEL: optional(z.string()),
  SENTIMENT_THREADS: wholeNumber(0, 0, 64),
  MODEL_HUB_URL: httpUrl.default('https://huggingface.co'),

  PLATFORM_URL: optional(httpUrl),
  PLATFORM_TIMEOUT_MS: wholeNumber(15_000, 100, 120_000),
  FIRST_RUN_POSTS: wholeNumber(100, 1, 3_200),
  X_MONTHLY_DOLLARS: z.coerce.number().min(0).max(1_000_000).default(50),
  X_DIALECT: z.enum(['tweet', 'post']).default('tweet'),
  MIN_INTERVAL_MINUTES: optional(wholeNumber(1, 1, 1_440)),
  DISPATCH_EVERY_MS: wholeNumber(1_000, 100, 60_000),
  COLLECT_CONCURRENCY: wholeNumber(4, 1, 64),
  TASK_LOCK_MS: wholeNumber(20_000, 500, 600_000),
  CLOCK_AT: optional(z.iso.datetime()),
  WORKER_HOST: z.string().min(1).default('127.0.0.1'),
  WORKER_PORT: wholeNumber(8081, 0, 65_535),

  SANDBOX_PORT: wholeNumber(4010, 0, 65_535),
  SANDBOX_SEED: wholeNumber(1337, 0, 2_147_483_647),
  SANDBOX_SPEED: z.coerce.number().positive().max(100_000).default(1),
  SANDBOX_WORLD: optional(z.string()),
})
export type Environment = z.infer<typeof Environment>
