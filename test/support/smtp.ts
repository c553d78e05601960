import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerAddress, type SMTPServerOptions } from 'smtp-server'

/** A mail as it came in, before anybody decodes it. */
export type Received = {
  from: string
  to: string[]
  raw: string
  secure: boolean
  user: string | null
}

export type TestSmtp = {
  port: number
  url: string
  received: Received[]
  /** Takes connections again, on the same port. */
  start: () => Promise<void>
  /** Cuts every connection and takes no more. */
  stop: () => Promise<void>
  close: () => Promise<void>
}

type Answers = {
  /** Throws to refuse a recipient. */
  recipient?: (address: string) => void
  /** Runs when the mail is there and before it is taken; throws to refuse it. */
  data?: (mail: Received) => Promise<void> | void
}

/** What an SMTP server says when it refuses: `smtpError(451)`. */
export const smtpError = (responseCode: number, message = 'no, ada@example.org') =>
  Object.assign(new Error(message), { responseCode })

/** A real mail server in this process. It says what `answers` tells it to. */
export async function startSmtp(
  answers: Answers = {},
  options: SMTPServerOptions = {},
): Promise<TestSmtp> {
  const received: Received[] = []
  const holder: { server: SMTPServer | null } = { server: null }
  const start = async (port: number) => {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 100,
      logger: false,
      ...options,
      onRcptTo: ({ address }: SMTPServerAddress, _session, done) =>
        settle(async () => answers.recipient?.(address), done),
      onData: (stream, session, done) => {
        const parts: Buffer[] = []
        stream.on('data', (part: Buffer) => parts.push(part))
        stream.once('end', () => {
          const { mailFrom, rcptTo } = session.envelope
          const mail: Received = {
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            raw: Buffer.concat(parts).toString('utf8'),
            secure: session.secure,
            user: session.user ? String(session.user) : null,
          }
          settle(async () => {
            await answers.data?.(mail)
            received.push(mail)
          }, done)
        })
      },
    })
    server.on('error', () => {})
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    holder.server = server
    return (server.server.address() as AddressInfo).port
  }
  const stop = async () => {
    const { server } = holder
    holder.server = null
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  const port = await start(0)
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    received,
    start: async () => void (await start(port)),
    stop,
    close: stop,
  }
}

function settle(work: () => Promise<void>, done: (error?: Error | null) => void): void {
  work().then(
    () => done(),
    (error: Error) => done(error),
  )
}

const unfolded = (raw: string) => raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')

/** The values of one header of a raw mail, in their order. */
export const headersOf = (raw: string, name: string): string[] =>
  unfolded(raw)
    .split('\r\n')
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim())
