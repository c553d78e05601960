import { DeliveryError } from '../delivery-error.ts'

/** What nodemailer hangs on its errors; the text of the server's answer is not among what we keep. */
type SmtpFailure = { code?: unknown; command?: unknown; responseCode?: unknown }

const away = (message: string, isForOperator = false) =>
  new DeliveryError('away', message, { isForOperator })

const byCode: Record<string, () => DeliveryError> = {
  EDNS: () => away('The name of the mail server is not known.', true),
  ETIMEDOUT: () => away('The mail server did not answer in time.'),
  ECONNECTION: () => away('The mail server cannot be reached.'),
  ESOCKET: () => away('The connection to the mail server broke.'),
  ETLS: () => away('The mail server offers no encryption that we accept.', true),
  EREQUIRETLS: () => away('The mail server offers no encryption that we accept.', true),
  EPROTOCOL: () => away('What answered does not speak SMTP as a mail server does.', true),
  EAUTH: () => away('The mail server refuses our user or password.', true),
  ENOAUTH: () => away('The mail server wants a user and a password: SMTP_URL has none.', true),
  EABORT: () => away('The mail server took too long.'),
}

/** A certificate that does not fit comes as an error of the socket: its own code says it. */
const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|HOSTNAME_MISMATCH/

/** From what the server answered to which command: what it means for the mail. */
function byAnswer(answer: number, command: string): DeliveryError {
  const said = `${answer} to ${command}`
  if (command === 'RCPT TO') {
    return answer >= 500
      ? new DeliveryError('rejected', `The mail server does not take this recipient (${said}).`)
      : new DeliveryError('deferred', `The mail server asks to try this recipient later (${said}).`)
  }
  if (/^(DATA|BDAT)/.test(command)) {
    return answer >= 500 && answer !== 503
      ? new DeliveryError('rejected', `The mail server does not take this mail (${said}).`)
      : new DeliveryError('deferred', `The mail server asks to try this mail later (${said}).`)
  }
  if (command === 'MAIL FROM' && answer >= 500) {
    return away(`The mail server does not let MAIL_FROM send (${said}).`, true)
  }
  return away(`The mail server takes no mails now (${said}).`, answer >= 500)
}

/** Whatever number the server gave: it was about us. */
const beforeAnyMail = ['EAUTH', 'ENOAUTH', 'ETLS', 'EREQUIRETLS']

/** Any failure of a delivery in our own words. */
export function deliveryErrorOf(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error
  const { code, command, responseCode } = (error ?? {}) as SmtpFailure
  const inner = (error as { originalCode?: unknown; message?: string }) ?? {}
  if (
    certificateCodes.test(`${String(code)} ${String(inner.originalCode)}`) ||
    isAboutCertificate(error)
  ) {
    return away('The certificate of the mail server is not one that we trust.', true)
  }
  const isAnswer = typeof responseCode === 'number' && responseCode >= 400
  if (isAnswer && !beforeAnyMail.includes(String(code))) {
    return byAnswer(responseCode, commandOf(command))
  }
  return byCode[String(code)]?.() ?? away('The mail could not be handed over.')
}

const isAboutCertificate = (error: unknown) =>
  error instanceof Error && /certificate|altnames/i.test(error.message)

/** The verb alone: behind it an address may stand. */
const commandOf = (command: unknown) =>
  /^(MAIL FROM|RCPT TO|[A-Z]+)/.exec(String(command ?? ''))?.[1] ?? 'CONN'
