export type PlatformErrorKind =
  | 'unauthorized'
  | 'forbidden'
  | 'rate_limited'
  | 'budget_exhausted'
  | 'not_found'
  | 'unavailable'
  | 'changed_shape'

type PlatformErrorOptions = {
  /** rate_limited and budget_exhausted: no call before this moment. */
  until?: Date
  /** HTTP status of the answer, when there was one. */
  status?: number
  /** true: this concerns one source, not the credential. */
  sourceOnly?: boolean
}

/**
 * The only error that leaves an adapter. It is built from facts we chose (kind, status, our own
 * words) and never carries an SDK's error as its cause: those hold secrets in messages, URLs and
 * options (client_secret in twurple's, key= in Google's, auth.pass in snoowrap's).
 */
export class PlatformError extends Error {
  override readonly name = 'PlatformError'
  readonly platform: string
  readonly kind: PlatformErrorKind
  readonly until: Date | null
  readonly status: number | null
  readonly sourceOnly: boolean

  constructor(
    platform: string,
    kind: PlatformErrorKind,
    message: string,
    options: PlatformErrorOptions = {},
  ) {
    super(message)
    this.platform = platform
    this.kind = kind
    this.until = options.until ?? null
    this.status = options.status ?? null
    this.sourceOnly = options.sourceOnly ?? false
  }
}
