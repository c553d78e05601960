import { AppError } from '../../core/errors.ts'

const store = 'AWS Secrets Manager'
const refused =
  /AccessDenied|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|ExpiredToken|InvalidClientTokenId|NotAuthorized|OptInRequired/
const busy = /Throttl|TooManyRequests|LimitExceeded|RequestLimitExceeded/
const unset = /Region is missing|Could not load credentials|CredentialsProviderError/

const nameOf = (error: unknown) => (error instanceof Error ? error.name : '')
const is = (error: unknown, pattern: RegExp) =>
  pattern.test(nameOf(error)) || (error instanceof Error && pattern.test(error.message))

export const isGone = (error: unknown) => nameOf(error) === 'ResourceNotFoundException'
export const isThereAlready = (error: unknown) => nameOf(error) === 'ResourceExistsException'

/**
 * What happened, in our own words: the SDK's message may quote what was sent. `doing` is the action
 * that a policy has to allow.
 */
export function awsRefusal(error: unknown, doing: string, ref: string): AppError {
  const unavailable = (message: string, retryAfterS?: number) =>
    new AppError('unavailable', message, retryAfterS === undefined ? {} : { retryAfterS })
  if (isGone(error)) {
    return unavailable(`${store} has no secret '${ref}': enter these credentials again.`)
  }
  if (is(error, unset)) {
    return unavailable(`${store} cannot be asked: the AWS SDK finds no region or no credentials.`)
  }
  if (is(error, refused)) {
    const right = `secretsmanager:${doing}`
    return unavailable(
      `${store} refuses Earshot's own access (${right} on '${ref}' is not allowed).`,
    )
  }
  if (nameOf(error) === 'InvalidRequestException') {
    return unavailable(`${store} does not give '${ref}' away: it is marked for deletion there.`)
  }
  if (is(error, busy)) return unavailable(`${store} is asked too often at the moment.`, 30)
  return unavailable(`${store} does not answer as it should. It is tried again later.`, 30)
}
