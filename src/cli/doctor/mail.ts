import type { Config } from '../../config/config.ts'
import { checkMailServer } from '../../features/mail/index.ts'
import { type Finding, fail, messageOf, ok, warn } from './finding.ts'

const what = 'mail'

/** Greets the mail server and signs in; nothing is sent. */
export async function checkMail({ mail, production }: Config): Promise<Finding> {
  if (!mail.smtpUrl) {
    return production
      ? warn(what, 'kept in the data folder: nobody gets one', 'Set SMTP_URL to a mail server.')
      : ok(what, 'kept in the data folder: `npm run earshot -- mail` shows them')
  }
  const { hostname } = new URL(mail.smtpUrl)
  try {
    await checkMailServer(mail.smtpUrl)
    return ok(what, `${hostname} takes our mails`)
  } catch (error) {
    const advice = 'Mend SMTP_URL. Until then mails wait: none is lost.'
    return fail(what, `${hostname}: ${messageOf(error)}`, advice)
  }
}
