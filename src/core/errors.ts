export type ErrorCode =
  | 'not_found'
  | 'conflict'
  | 'unauthorized'
  | 'forbidden'
  | 'invalid_input'
  | 'payload_too_large'
  | 'rate_limited'
  | 'over_budget'
  | 'unavailable'

/** Points at the part of a request that is wrong: `pointer` is a JSON pointer into `in`. */
export type FieldProblem = {
  in: 'body' | 'query' | 'params'
  pointer: string
  message: string
}

type AppErrorOptions = ErrorOptions & {
  fields?: FieldProblem[]
  /** When it is worth trying again, in seconds from now. */
  retryAfterS?: number
}

/** An expected failure that may be shown to the caller. Anything else is a bug. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly fields: FieldProblem[]
  readonly retryAfterS: number | null

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.fields = options.fields ?? []
    this.retryAfterS = options.retryAfterS ?? null
  }
}

export const notFound = (what: string) => new AppError('not_found', `${what} not found`)

/** A refusal that names one field of the body. */
export const invalidField = (pointer: string, message: string) =>
  new AppError('invalid_input', message, { fields: [{ in: 'body', pointer, message }] })
