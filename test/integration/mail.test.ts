import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { MailTransport } from '../../src/features/mail/index.ts'
import { openSmtpTransport } from '../../src/features/mail/transport/smtp.transport.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { findCanaries } from '../support/canaries.ts'
import { dumpDatabase } from '../support/dumps.ts'
import { recordLog } from '../support/log-lines.ts'
import { countedLinks, postOffice } from '../support/mails.ts'
import { asOwner } from '../support/servers.ts'
import { headersOf, smtpError, startSmtp, type TestSmtp } from '../support/smtp.ts'

const at = { now: new Date('2026-11-21T08:00:00Z') }
const clock = { now: () => new Date(at.now) }
const later = (ms: number) => {
  at.now = new Date(at.now.getTime() + ms)
}
const minute = 60_000
const recorded = recordLog()

let app: TestApp
let office: ReturnType<typeof postOffice>
let opened: (TestSmtp | MailTransport)[] = []

beforeAll(async () => {
  app = await startTestApp({ clock, log: recorded.log })
  office = postOffice(app, clock)
})
afterAll(() => app.close())
afterEach(async () => {
  for (const one of opened) await one.close()
  opened = []
  await asOwner(app.ownerUrl, (client) => client.query('delete from mails'))
})

async function serve(...given: Parameters<typeof startSmtp>): Promise<TestSmtp> {
  const smtp = await startSmtp(...given)
  opened.push(smtp)
  return smtp
}
function transportTo(url: string, patience?: Parameters<typeof openSmtpTransport>[1]) {
  const transport = openSmtpTransport(url, patience)
  opened.push(transport)
  return transport
}
const only = async () => {
  const [row] = await office.rows()
  if (!row) throw new Error('there is no mail')
  return row
}

test('a mail goes out once, as text and HTML, and says that a machine wrote it', async () => {
  const smtp = await serve()
  const transport = transportTo(smtp.url)
  await office.queue('ada@example.org', 'verify_email', { name: 'Ada' })
  expect(await office.send(transport)).toBe(1)
  expect(await office.send(transport)).toBe(0)
  const [mail] = smtp.received
  expect(smtp.received).toHaveLength(1)
  expect(mail?.to).toEqual(['ada@example.org'])
  expect(headersOf(mail?.raw ?? '', 'Auto-Submitted')).toEqual(['auto-generated'])
  expect(headersOf(mail?.raw ?? '', 'To')).toEqual(['ada@example.org'])
  expect(headersOf(mail?.raw ?? '', 'Content-Type')[0]).toMatch(/^multipart\/alternative/)
  const row = await only()
  expect(row).toMatchObject({ tries: 1, sent_at: clock.now(), last_error: null, data: {} })
  expect(headersOf(mail?.raw ?? '', 'Message-ID')).toEqual([
    `<mail-${row.id}.${row.created_at.getTime()}@localhost>`,
  ])
})

test('SEC-08: the secret of a link stands in the mail and nowhere in the database or the log', async () => {
  const smtp = await serve()
  await office.queue('ada@example.org', 'reset_password', { name: 'Ada' })
  await office.send(transportTo(smtp.url))
  const secret = /token=3D(secret-\d+)/.exec(
    (smtp.received[0]?.raw ?? '').replace(/=\r\n/g, ''),
  )?.[1]
  expect(secret).toBeDefined()
  const canaries = [{ name: 'the link', value: secret ?? '' }]
  const log = recorded.lines.map((text) => ({ where: 'a log line', text }))
  expect(findCanaries([...log, ...(await dumpDatabase(app.ownerUrl))], canaries)).toEqual([])
  expect(recorded.lines.some((line) => line.includes('a mail went out'))).toBe(true)
})

test('a link that nobody waits for any more is not sent, and no reason is kept', async () => {
  const smtp = await serve()
  const nobody = postOffice(app, clock, { ...countedLinks(), verify_email: async () => null })
  await nobody.queue('ada@example.org', 'verify_email', { name: null })
  expect(await nobody.send(transportTo(smtp.url))).toBe(0)
  expect(smtp.received).toEqual([])
  expect(await only()).toMatchObject({ given_up_at: clock.now(), last_error: null })
})

test('what stands in no header: names and workspaces with line breaks, tags and addresses', async () => {
  const smtp = await serve()
  const nasty = 'Ada\r\nBcc: eve@example.org\r\n\r\n<img src=x onerror=1> www.evil.example\u202e'
  await office.queue('ada@example.org', 'invitation', {
    invitationId: '1',
    workspaceName: nasty,
    inviter: nasty,
    role: 'viewer',
  })
  await office.queue('ada@example.org', 'password_changed', {
    name: nasty,
    at: clock.now().toISOString(),
    ip: '1\r\nX-Evil: 1',
  })
  expect(await office.send(transportTo(smtp.url))).toBe(2)
  for (const { raw, to } of smtp.received) {
    expect(to).toEqual(['ada@example.org'])
    expect(headersOf(raw, 'Bcc')).toEqual([])
    expect(headersOf(raw, 'X-Evil')).toEqual([])
    expect(headersOf(raw, 'Subject')).toHaveLength(1)
    expect(raw.slice(raw.indexOf('text/html'))).not.toMatch(/<img/)
    expect(raw).not.toContain('www.evil.example')
  }
})

test.each([
  'ada@example.org\r\nBcc: eve@example.org',
  'ada@example.org, eve@example.org',
  'Ada <ada@example.org>',
  'ada@example.org>\r\nDATA',
  '',
])('an address that is more than one address is not written to: %j', async (address) => {
  const smtp = await serve()
  await office.queue(address, 'account_disabled', { name: null, reason: null })
  expect(await office.send(transportTo(smtp.url))).toBe(0)
  expect(smtp.received).toEqual([])
  expect((await only()).given_up_at).not.toBeNull()
})

describe('a mail server that is away', () => {
  test('delays mails and loses none', async () => {
    const smtp = await serve()
    const transport = transportTo(smtp.url)
    const name = (number: number) => `person-${number}@example.org`
    for (let n = 0; n < 25; n += 1) {
      await office.queue(name(n), 'verify_email', { name: null })
    }
    await smtp.stop()
    // An outage of two days: one mail a round knocks, none is given up.
    for (let hour = 0; hour < 48; hour += 1) {
      expect(await office.send(transport)).toBe(0)
      later(60 * minute)
    }
    expect(smtp.received).toEqual([])
    const waiting = await office.rows()
    expect(waiting.filter(({ given_up_at }) => given_up_at)).toEqual([])
    expect(waiting.some(({ last_error }) => /cannot be reached|broke/.test(last_error ?? ''))).toBe(
      true,
    )
    await smtp.start()
    let sent = await office.send(transport)
    later(5 * minute)
    sent += await office.send(transport)
    expect(sent).toBe(25)
    expect(smtp.received.map(({ to }) => to[0]).toSorted()).toEqual(
      Array.from({ length: 25 }, (_, n) => name(n)).toSorted(),
    )
  })

  test('is asked by one mail a round, not by all', async () => {
    const smtp = await serve()
    await smtp.stop()
    for (let n = 0; n < 5; n += 1) {
      await office.queue(`p${n}@example.org`, 'verify_email', { name: null })
    }
    await office.send(transportTo(smtp.url))
    expect((await office.rows()).map(({ tries }) => tries)).toEqual([1, 0, 0, 0, 0])
  })

  test('that takes too long is left, and asked again', async () => {
    let slow = true
    const released: (() => void)[] = []
    const smtp = await serve({
      data: async () => {
        if (slow) await new Promise<void>((resolve) => released.push(resolve))
      },
    })
    const transport = transportTo(smtp.url, { connectMs: 300, deliverMs: 400 })
    await office.queue('ada@example.org', 'verify_email', { name: null })
    const started = performance.now()
    expect(await office.send(transport)).toBe(0)
    expect(performance.now() - started).toBeLessThan(3_000)
    expect(await only()).toMatchObject({
      sent_at: null,
      last_error: expect.stringMatching(/long|time/),
    })
    slow = false
    for (const release of released) release()
    later(minute)
    expect(await office.send(transport)).toBe(1)
    // It may have taken both: twice, never not at all, and under one Message-ID.
    const ids = new Set(smtp.received.map(({ raw }) => headersOf(raw, 'Message-ID')[0]))
    expect(ids.size).toBe(1)
  })
})

describe('what a mail server answers', () => {
  test('451: later, with growing waits, and then it goes', async () => {
    let greylisted = true
    const smtp = await serve({
      recipient: () => {
        if (greylisted) throw smtpError(451)
      },
    })
    const transport = transportTo(smtp.url)
    await office.queue('ada@example.org', 'verify_email', { name: null })
    const waits: number[] = []
    for (let n = 0; n < 7; n += 1) {
      expect(await office.send(transport)).toBe(0)
      const waitMs = (await only()).next_try_at.getTime() - clock.now().getTime()
      waits.push(waitMs / 1_000)
      later(waitMs)
    }
    expect(waits).toEqual([30, 60, 300, 900, 3_600, 10_800, 10_800])
    expect((await only()).last_error).toBe(
      'The mail server asks to try this recipient later (451 to RCPT TO).',
    )
    greylisted = false
    expect(await office.send(transport)).toBe(1)
  })

  test('451 for three days: given up', async () => {
    const smtp = await serve({
      recipient: () => {
        throw smtpError(451)
      },
    })
    const transport = transportTo(smtp.url)
    await office.queue('ada@example.org', 'verify_email', { name: null })
    for (let hours = 0; hours < 76; hours += 3) {
      await office.send(transport)
      later(3 * 60 * minute)
    }
    expect((await only()).given_up_at).not.toBeNull()
  })

  test.each([
    ['recipient', 'The mail server does not take this recipient (550 to RCPT TO).'],
    ['data', 'The mail server does not take this mail (550 to DATA).'],
  ])('550 to the %s: given up at once, and the others go on', async (where, reason) => {
    const refuse = (address: string) => {
      if (address.startsWith('gone')) throw smtpError(550)
    }
    const smtp = await serve(
      where === 'recipient' ? { recipient: refuse } : { data: ({ to }) => refuse(String(to[0])) },
    )
    await office.queue('gone@example.org', 'verify_email', { name: null })
    await office.queue('ada@example.org', 'verify_email', { name: null })
    expect(await office.send(transportTo(smtp.url))).toBe(1)
    const [gone, ada] = await office.rows()
    expect(gone).toMatchObject({ given_up_at: clock.now(), last_error: reason, data: {} })
    expect(ada?.sent_at).not.toBeNull()
  })
})
