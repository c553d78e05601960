/** Why a user-given address was not fetched: a closed set, because callers decide by it. */
export type RefusalKind =
  | 'not_an_address'
  | 'scheme'
  | 'credentials'
  | 'port'
  | 'unknown_host'
  | 'not_public'
  | 'too_many_redirects'
  | 'too_slow'
  | 'too_large'
  | 'unreachable'
  | 'media_type'
  | 'stopped'

/** An unknown name and a name of an inner machine read the same: nobody maps a network with us. */
const nobodyThere = 'No public server is known under this address.'

const sentences: Record<RefusalKind, string> = {
  not_an_address: 'This is not an address of the web.',
  scheme: 'Only http:// and https:// addresses can be fetched.',
  credentials: 'An address may not carry a name or a password.',
  port: 'Only the ports 80 and 443 can be asked.',
  unknown_host: nobodyThere,
  not_public: nobodyThere,
  too_many_redirects: 'This address leads on and on.',
  too_slow: 'The server did not answer in time.',
  too_large: 'The answer is too large.',
  unreachable: 'The server could not be reached, or broke off.',
  media_type: 'The answer is of a kind that was not asked for.',
  stopped: 'The request was stopped.',
}

/** A fetch of a user-given address that was refused or failed. The sentence may be shown. */
export class OutgoingRefusal extends Error {
  override readonly name = 'OutgoingRefusal'
  readonly kind: RefusalKind
  constructor(kind: RefusalKind, options?: ErrorOptions) {
    super(sentences[kind], options)
    this.kind = kind
  }
}
