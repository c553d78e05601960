import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { writeMail } from '../../src/features/mail/content/write-mail.ts'
import { openFolderTransport } from '../../src/features/mail/transport/folder.transport.ts'
import { recordLog } from '../support/log-lines.ts'
import { smtpError, startSmtp } from '../support/smtp.ts'

const run = promisify(execFile)
const program = resolve('src/cli/main.ts')
const { PATH = '' } = process.env
const secret = 'a-secret-behind-the-hash'

let home: string
let folder: string
const recorded = recordLog()

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'earshot-mail-'))
  folder = join(home, 'mail')
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(() => rm(home, { recursive: true, force: true }))

const keep = (id: number, name = 'Ada') =>
  openFolderTransport({ folder, log: recorded.log }).deliver(
    writeMail(
      {
        id: String(id),
        template: 'verify_email',
        data: { name },
        to: `person-${id}@example.org`,
        createdAt: new Date(0),
      },
      {
        link: { url: `http://x/account#token=${secret}`, expiresAt: new Date(0) },
        from: 'Earshot <earshot@example.org>',
        publicUrl: 'http://localhost:8080',
        now: new Date(Date.UTC(2026, 10, 21, 8, 0, id)),
      },
    ),
  )

async function earshot(args: string[], variables: Record<string, string> = {}) {
  const env = { PATH, DATA_DIR: home, ...variables }
  const options = { env, cwd: home }
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], options)
    .then(({ stdout, stderr }) => ({ code: 0, stdout, stderr }))
    .catch((error: { code: number; stdout: string; stderr: string }) => error)
}

test('mails are files that nobody else may read, and the log names the file alone', async () => {
  await mkdir(folder, { mode: 0o755 })
  await chmod(folder, 0o755)
  await keep(1)
  const [name = ''] = await readdir(folder)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  expect(recorded.text()).toContain(name)
  expect(recorded.text()).not.toContain(secret)
  expect(recorded.text()).not.toContain('person-1@')
})

test('the newest 1,000 are kept', async () => {
  await mkdir(folder, { recursive: true })
  for (let n = 0; n < 1_005; n += 1) {
    await writeFile(join(folder, `2025-01-01T00-00-00.000Z-${String(n).padStart(5, '0')}.eml`), '')
  }
  await keep(1)
  const names = (await readdir(folder)).toSorted()
  expect(names).toHaveLength(1_000)
  expect(names.at(-1)).toMatch(/^2026-11-21/)
  expect(names[0]).toMatch(/00006\.eml$/)
})

describe('earshot mail', () => {
  test('lists what is kept, newest first', async () => {
    await keep(1)
    await keep(2)
    const { stdout } = await earshot(['mail'])
    const lines = stdout.split('\n')
    expect(lines[0]).toBe(
      '1  2026-11-21 08:00 UTC  person-2@example.org  Confirm your address for Earshot',
    )
    expect(lines[1]).toContain('person-1@example.org')
    const { mails } = JSON.parse((await earshot(['mail', 'list', '--json'])).stdout)
    expect(mails).toMatchObject([{ to: 'person-2@example.org' }, { to: 'person-1@example.org' }])
  })

  test('shows one as it was written, by number or by file', async () => {
    await keep(1, 'Zoë 🦊')
    const [name = ''] = await readdir(folder)
    const { stdout } = await earshot(['mail', 'show', '1'])
    expect(stdout).toContain('Hello Zoë 🦊,')
    expect(stdout).toContain(`http://x/account#token=${secret}`)
    expect((await earshot(['mail', 'show', name, '--html'])).stdout).toMatch(/^<!doctype html>/)
    expect(await readFile(join(folder, name), 'utf8')).toContain('Content-Type: text/html')
    expect(await earshot(['mail', 'show', '7'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no mail '7'"),
    })
  })

  test('says that there are none', async () => {
    expect((await earshot(['mail'])).stdout).toContain('No mails are kept.')
  })

  test('sends a test mail, or says what is wrong', async () => {
    expect(await earshot(['mail', 'send-test', 'ada@example.org'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SMTP_URL is not set'),
    })
    const smtp = await startSmtp({
      recipient: (address) => {
        if (address.startsWith('gone')) throw smtpError(550)
      },
    })
    const variables = { SMTP_URL: smtp.url }
    const sent = await earshot(['mail', 'send-test', 'ada@example.org'], variables)
    expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('took a mail') })
    expect(smtp.received).toHaveLength(1)
    const gone = await earshot(['mail', 'send-test', 'gone@example.org'], variables)
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('(550 to RCPT TO)') })
    await smtp.close()
    const away = await earshot(['mail', 'send-test', 'ada@example.org', '--json'], variables)
    expect(JSON.parse(away.stdout)).toEqual({
      sent: false,
      problem: expect.stringMatching(/cannot be reached|broke/),
    })
  })
})
