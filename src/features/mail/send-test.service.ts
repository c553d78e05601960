import type { Config } from '../../config/config.ts'
import type { Clock } from '../../core/clock.ts'
import type { WrittenMail } from './content/write-mail.ts'
import { openSmtpTransport } from './transport/smtp.transport.ts'

type Needs = { config: Pick<Config, 'mail' | 'http'>; clock: Clock; smtpUrl: string }

/** Hands one mail to the server of SMTP_URL, past the queue. Throws DeliveryError in words. */
export async function sendTestMail({ config, clock, smtpUrl }: Needs, to: string): Promise<void> {
  const transport = openSmtpTransport(smtpUrl)
  try {
    await transport.deliver(testMail(config, clock.now(), to))
  } finally {
    transport.close()
  }
}

function testMail({ mail, http }: Needs['config'], at: Date, to: string): WrittenMail {
  const { hostname } = new URL(http.publicUrl)
  const text = `This mail shows that the Earshot at ${http.publicUrl} can send mails.\n`
  return {
    id: 'test',
    messageId: `<test.${at.getTime()}@${hostname}>`,
    from: mail.from,
    to,
    at,
    subject: 'Earshot can send mails',
    text,
    html: `<p>${text}</p>`,
  }
}

/** Greets the mail server and signs in. Throws DeliveryError in words. */
export async function checkMailServer(smtpUrl: string): Promise<void> {
  const transport = openSmtpTransport(smtpUrl)
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}
