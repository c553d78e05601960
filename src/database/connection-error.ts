import { ConfigError } from '../config/config.ts'

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
