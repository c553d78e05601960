import { z } from 'zod'

const Environment = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(4010),
  SANDBOX_HOST: z.string().default('127.0.0.1'),
  SANDBOX_SEED: z.coerce.number().int().default(1337),
  SANDBOX_SPEED: z.coerce.number().positive().default(1),
  /** When the world starts to move; before it lies history. Default: the last midnight UTC. */
  SANDBOX_EPOCH: z.iso.datetime().optional(),
  /** A folder of real posts to serve in place of the invented world. */
  SANDBOX_WORLD: z.string().min(1).optional(),
  /** Freezes the clock. */
  SANDBOX_NOW: z.iso.datetime().optional(),
  X_DIALECT: z.enum(['tweet', 'post']).default('tweet'),
})

type Variables = Record<string, string | undefined>

const blank = (value: string | undefined) => (value === '' ? undefined : value)

/** Reads the environment once; an empty variable counts as absent. */
export const readEnvironment = (environment: Variables = process.env) =>
  Environment.parse(
    Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, blank(value)])),
  )
