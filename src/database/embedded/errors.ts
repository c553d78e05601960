/** The embedded PostgreSQL cannot run here; the message says why and what to do, in words. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
}

// Not `instanceof Error`: under a test runner's VM the system's errors are of another realm.
const systemCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

export const isCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes(systemCode(error))

const diskFull = (folder: string) => `The disk that holds ${folder} is full: free some space.`

/** Turns the system's refusals into sentences; anything unknown passes through unchanged. */
export function explainError(error: unknown, folder: string): unknown {
  if (isCode(error, 'ENOSPC', 'EDQUOT')) {
    return new EmbeddedPostgresError(diskFull(folder), { cause: error })
  }
  if (isCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    return new EmbeddedPostgresError(
      `No permission to keep a database in ${folder}. It may belong to another user, for example ` +
        `because Earshot ran as root before: run it as that user, or set DATABASE_URL. ` +
        `(${error})`,
      { cause: error },
    )
  }
  return error
}

/** A failure of one of PostgreSQL's programs: the first known cause, else the tail of its output. */
export function explainOutput(what: string, output: string, folder: string): EmbeddedPostgresError {
  if (output.includes('No space left on device')) return new EmbeddedPostgresError(diskFull(folder))
  const tail = output.trim().split('\n').slice(-15).join('\n')
  return new EmbeddedPostgresError(`${what}. Its last words:\n${tail || '(none)'}`)
}
