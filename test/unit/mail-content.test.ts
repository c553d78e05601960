import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { safeText } from '../../src/features/mail/content/safe-text.ts'
import { mailTemplates, writeMail } from '../../src/features/mail/content/write-mail.ts'
import type { MailData, MailTemplate } from '../../src/features/mail/mail-templates.ts'

const at = '2026-11-21T08:05:00.000Z'
const url = 'https://earshot.example.org/account/x#token=abc'

/** Every text in every template is this one. */
const dataWith = (text: string): MailData[MailTemplate] =>
  ({
    name: text,
    at,
    ip: text,
    device: text,
    newEmail: text,
    reason: text,
    workspaceName: text,
    inviter: text,
    invitationId: '1',
    enabled: true,
    left: 1,
    patterns: [text],
    more: 1,
    role: 'editor',
  }) as never

const write = (template: MailTemplate, text: string) =>
  writeMail(
    { id: '7', template, data: dataWith(text), to: 'ada@example.org', createdAt: new Date(at) },
    {
      link: { url, expiresAt: new Date('2026-11-21T09:05:00Z') },
      from: 'Earshot <earshot@example.org>',
      publicUrl: 'https://earshot.example.org',
      now: new Date(at),
    },
  )

describe.each(mailTemplates)('the mail %s', (template) => {
  const mail = write(template, 'Ada')

  test('says all that it says in both forms, and loads nothing from anywhere', () => {
    expect(mail.subject.length).toBeLessThan(70)
    expect(mail.text).toMatch(/^Hello/)
    expect(mail.html).not.toMatch(/<img|<script|src=|@import|url\(/)
    const links = new Set([...mail.html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href))
    const ours = [url, 'https://earshot.example.org/account/reset-password']
    for (const link of links) {
      expect(ours).toContain(link)
      expect(mail.text).toContain(link)
    }
  })

  test('a time is said in UTC', () => {
    const said = `${mail.text}`.match(/\d+ \w+ 2026 at \d\d:\d\d( UTC)?/g) ?? []
    for (const one of said) expect(one).toMatch(/UTC$/)
  })

  test('lines are short enough to be read anywhere, but for links', () => {
    for (const line of mail.text.split('\n')) {
      if (!line.includes('https://')) expect(line.length).toBeLessThanOrEqual(76)
    }
  })

  test('no text that somebody chose becomes markup, a header, a link or a second line', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '\r',
        '\n',
        '\0',
        '\u202e',
        '\u2028',
        'a',
        '.',
        '/',
        ':',
        'http://',
        'www.',
        '{{',
        '${',
      ),
      maxLength: 120,
    })
    const plain = write(template, 'x')
    const tags = (html: string) => html.match(/<[^>]*>/g) ?? []
    fc.assert(
      fc.property(nasty, (text) => {
        const { html, subject } = write(template, `x${text}`)
        expect(tags(html)).toEqual(tags(plain.html))
        expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u)
      }),
      { numRuns: 200 },
    )
  })
})

test.each([
  ['Ada Lovelace', 'Ada Lovelace'],
  ['  Ada\r\n\tLovelace ', 'Ada Lovelace'],
  ['see http://evil.example', 'see http:/\u2060/evil.\u2060example'],
  ['www.evil.example/x', 'www.\u2060evil.\u2060example/x'],
  ['\u202eadA\u2066', 'adA'],
  ['Zoë 🦊', 'Zoë 🦊'],
  ['x'.repeat(100), `${'x'.repeat(79)}…`],
  ['🦊'.repeat(81), `${'🦊'.repeat(79)}…`],
])('safeText(%j)', (given, safe) => {
  expect(safeText(given)).toBe(safe)
})
