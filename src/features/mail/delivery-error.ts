/**
 * away: the mail server cannot be reached, or does not let us in: nothing of it is this mail's fault.
 * deferred: the server asks for this mail later (greylisting, a full mailbox).
 * rejected: this mail will never be taken.
 */
export type DeliveryProblem = 'away' | 'deferred' | 'rejected'

/** Why a mail did not go out, in our own words: a server's answer may quote addresses and texts. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
  readonly problem: DeliveryProblem
  /** Only somebody who runs Earshot can mend it. */
  readonly isForOperator: boolean

  constructor(
    problem: DeliveryProblem,
    message: string,
    options: { isForOperator?: boolean } = {},
  ) {
    super(message)
    this.problem = problem
    this.isForOperator = options.isForOperator ?? false
  }
}
