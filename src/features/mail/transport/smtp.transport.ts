import { createTransport } from 'nodemailer'
import type { MailTransport } from '../send-mails.service.ts'
import { messageOf } from './message.ts'
import { readSmtpUrl } from './smtp-address.ts'
import { deliveryErrorOf } from './smtp-problem.ts'

/** A server that does not even greet is away; one that takes long may still be at work. */
const connectMs = 5_000
const deliverMs = 15_000

export type SmtpTransport = MailTransport & {
  /** Greets the server and signs in, and sends nothing. Throws DeliveryError. */
  verify: () => Promise<void>
}

type Patience = { connectMs: number; deliverMs: number }

/** Hands mails to the server of SMTP_URL. What is in them is never logged. */
export function openSmtpTransport(
  url: string,
  patience: Patience = { connectMs, deliverMs },
): SmtpTransport {
  const pool = createTransport({
    pool: true,
    ...readSmtpUrl(url),
    maxConnections: 2,
    maxMessages: 100,
    // A mail whose connection broke goes back to the table, which knows when it is next.
    maxRequeues: 0,
    idleTimeout: 30_000,
    dnsTimeout: patience.connectMs,
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    socketTimeout: patience.deliverMs,
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    deliver: async (mail) => {
      const signal = AbortSignal.timeout(patience.deliverMs)
      await pool.sendMail({ ...messageOf(mail), signal }).catch((error: unknown) => {
        throw deliveryErrorOf(error)
      })
    },
    verify: async () => {
      await pool.verify().catch((error: unknown) => {
        throw deliveryErrorOf(error)
      })
    },
    close: () => pool.close(),
  }
}
