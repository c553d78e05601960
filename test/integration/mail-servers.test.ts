import { afterEach, describe, expect, test } from '@jest/globals'
import type { SMTPServerAuthentication, SMTPServerOptions } from 'smtp-server'
import type { WrittenMail } from '../../src/features/mail/content/write-mail.ts'
import { openSmtpTransport } from '../../src/features/mail/transport/smtp.transport.ts'
import { readSmtpUrl } from '../../src/features/mail/transport/smtp-address.ts'
import { smtpError, startSmtp, type TestSmtp } from '../support/smtp.ts'

const mail: WrittenMail = {
  id: '1',
  messageId: '<mail-1.1@localhost>',
  from: 'Earshot <earshot@example.org>',
  to: 'ada@example.org',
  at: new Date('2026-11-21T08:00:00Z'),
  subject: 'A mail',
  text: 'text',
  html: '<p>html</p>',
}

const opened: { close: () => unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})
async function serve(...given: Parameters<typeof startSmtp>): Promise<TestSmtp> {
  const smtp = await startSmtp(...given)
  opened.push(smtp)
  return smtp
}

/** Sends one mail, and gives what became of it. */
async function deliver(url: string, changed: Partial<WrittenMail> = {}) {
  const transport = openSmtpTransport(url, { connectMs: 500, deliverMs: 1_500 })
  opened.push(transport)
  try {
    await transport.deliver({ ...mail, ...changed })
    return { problem: 'none' }
  } catch (error) {
    const { problem, isForOperator, message } = error as Error & {
      problem: string
      isForOperator: boolean
    }
    return { problem, isForOperator, message }
  }
}

const login: SMTPServerOptions = {
  authOptional: false,
  authMethods: ['PLAIN', 'LOGIN'],
  onAuth: ({ username, password }: SMTPServerAuthentication, _session, done) =>
    username === 'earshot' && password === 'p@ss/word'
      ? done(null, { user: username })
      : done(new Error('535 wrong, for earshot p@ss/word')),
}
const withTls: SMTPServerOptions = { disabledCommands: [] }
const at = ({ port }: TestSmtp, user: string, query = '', protocol = 'smtp') =>
  `${protocol}://${user}127.0.0.1:${port}${query}`
const right = 'earshot:p%40ss%2Fword@'

describe('what SMTP_URL says', () => {
  test('a user and a password sign in', async () => {
    const smtp = await serve({}, { ...login, allowInsecureAuth: true })
    expect(await deliver(at(smtp, right))).toEqual({ problem: 'none' })
    expect(smtp.received[0]?.user).toBe('earshot')
  })

  test('STARTTLS is used where it is offered, and only with a certificate that we trust', async () => {
    const smtp = await serve({}, withTls)
    expect(await deliver(at(smtp, ''))).toEqual({
      problem: 'away',
      isForOperator: true,
      message: 'The certificate of the mail server is not one that we trust.',
    })
    expect(await deliver(at(smtp, '', '?tls.rejectUnauthorized=false'))).toEqual({
      problem: 'none',
    })
    expect(smtp.received.map(({ secure }) => secure)).toEqual([true])
  })

  test('smtps: is TLS from the first byte', async () => {
    const smtp = await serve({}, { ...withTls, secure: true })
    const url = at(smtp, '', '?tls.rejectUnauthorized=false', 'smtps')
    expect(await deliver(url)).toEqual({ problem: 'none' })
    expect(smtp.received[0]?.secure).toBe(true)
  })

  test('requireTLS keeps mails from a server without it', async () => {
    const smtp = await serve()
    expect(await deliver(at(smtp, '', '?requireTLS=true'))).toMatchObject({
      problem: 'away',
      isForOperator: true,
      message: 'The mail server offers no encryption that we accept.',
    })
    expect(smtp.received).toEqual([])
  })

  test('a password travels encrypted, except on this machine', () => {
    const required = (url: string) => readSmtpUrl(url).requireTLS
    expect(required('smtp://u:p@mail.example.org')).toBe(true)
    expect(required('smtp://u:p@localhost')).toBe(false)
    expect(required('smtp://u:p@mail.internal?requireTLS=false')).toBe(false)
    expect(required('smtp://mail.example.org')).toBe(false)
    expect(readSmtpUrl('smtps://mail.example.org')).toMatchObject({ port: 465, secure: true })
    expect(readSmtpUrl('smtp://mail.example.org')).toMatchObject({ port: 587, secure: false })
    expect(() => readSmtpUrl('smtp://mail.example.org?logger=true')).toThrow(
      "'logger' is no setting",
    )
  })
})

describe('what is wrong is said in our own words', () => {
  test('SEC-19: a wrong password: the server quotes it, we do not', async () => {
    const smtp = await serve({}, { ...login, allowInsecureAuth: true })
    const answer = await deliver(at(smtp, 'earshot:wrong-password@'))
    expect(answer).toEqual({
      problem: 'away',
      isForOperator: true,
      message: 'The mail server refuses our user or password.',
    })
  })

  test('no password where one is wanted', async () => {
    const smtp = await serve({}, { ...login, allowInsecureAuth: true })
    expect(await deliver(at(smtp, ''))).toMatchObject({ problem: 'away', isForOperator: true })
  })

  test('a name that nobody knows', async () => {
    expect(await deliver('smtp://mail.invalid:25')).toMatchObject({
      problem: 'away',
      isForOperator: true,
      message: 'The name of the mail server is not known.',
    })
  })

  test('a server that says nothing', async () => {
    const { createServer } = await import('node:net')
    const server = createServer(() => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    opened.push({ close: () => server.close() })
    const { port } = server.address() as { port: number }
    const started = performance.now()
    expect(await deliver(`smtp://127.0.0.1:${port}`)).toMatchObject({
      problem: 'away',
      message: 'The mail server did not answer in time.',
    })
    expect(performance.now() - started).toBeLessThan(2_500)
  })

  test('something that is no mail server', async () => {
    const { createServer } = await import('node:http')
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    opened.push({ close: () => server.close() })
    const { port } = server.address() as { port: number }
    expect(await deliver(`smtp://127.0.0.1:${port}`)).toMatchObject({ problem: 'away' })
  })

  test('a sender that may not send is the operator’s to mend, and the mail waits', async () => {
    const smtp = await serve({}, { onMailFrom: (_from, _session, done) => done(smtpError(550)) })
    expect(await deliver(smtp.url)).toEqual({
      problem: 'away',
      isForOperator: true,
      message: 'The mail server does not let MAIL_FROM send (550 to MAIL FROM).',
    })
  })

  test.each([
    [421, 'away'],
    [452, 'deferred'],
    [553, 'rejected'],
  ])('%s to a recipient: %s', async (code, problem) => {
    const smtp = await serve({
      recipient: () => {
        throw smtpError(code)
      },
    })
    expect(await deliver(smtp.url)).toMatchObject({ problem })
  })
})
