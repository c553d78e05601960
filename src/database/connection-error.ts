import { setTimeout as wait } from 'node:timers/promises'
import { type Config, ConfigError } from '../config/config.ts'
import type { Logger } from '../core/logger.ts'

const sentences: Record<string, string> = {
  ECONNREFUSED: 'nothing answers there. Is PostgreSQL running?',
  ENOTFOUND: 'this host is not known.',
  EAI_AGAIN: 'this host is not known just now.',
  ETIMEDOUT: 'nothing answers there.',
  '28P01': 'the password is not right.',
  '28000': 'this user may not log in.',
  '3D000': 'there is no such database: create it first.',
  '53300': 'the server has no free connection.',
  '57P03': 'the server is still starting, or stopping.',
}

const codeOf = (error: unknown): string => {
  const { code, errors } = (error ?? {}) as { code?: string; errors?: unknown[] }
  return code ?? (errors ? codeOf(errors[0]) : '')
}

/** Says in a sentence why the database cannot be reached; other errors go on as they are. */
export async function toldWhenAway<T>(url: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const sentence = sentences[codeOf(error)]
    if (!sentence) throw error
    const { hostname, port, pathname, username } = new URL(url)
    const where = `${username}@${hostname || 'localhost'}:${port || 5432}${pathname}`
    throw new ConfigError(`The database ${where} cannot be used: ${sentence}`, { cause: error })
  }
}

/** What passes by itself: a server that starts, restarts or is full. */
const passing = new Set(['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT', '53300', '57P03'])

/**
 * Does the work again while the database is away for a reason that passes: `attempts` more times,
 * after waits that double from `minWaitS` to at most `maxWaitS` seconds. Safe only for work that may
 * run twice.
 */
export async function whenBack<T>(
  { attempts, minWaitS, maxWaitS }: Config['database']['retry'],
  log: Logger,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= attempts || !passing.has(codeOf(error))) throw error
      const waitS = Math.min(minWaitS * 2 ** attempt, maxWaitS)
      log.warn({ code: codeOf(error), waitS }, 'the database is away: trying again')
      await wait(waitS * 1_000)
    }
  }
}
