import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { listKeptMails } from '../../features/mail/index.ts'
import { type Api, ApiFailure, apiAt } from './api.ts'

const Account = z.object({ email: z.email(), password: z.string() })
export type Account = z.infer<typeof Account>

type Tokens = { accessToken: string }

async function keptAccount(file: string): Promise<Account | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  const parsed = text === null ? null : Account.safeParse(JSON.parse(text))
  return parsed?.success ? parsed.data : null
}

/** Signs the demo's own user in, making it the first time; the password is kept beside the data. */
export async function signIn(
  apiUrl: string,
  folder: string,
): Promise<{ api: Api; account: Account; isNew: boolean }> {
  const file = join(folder, 'account.json')
  const guest = apiAt(apiUrl)
  const kept = await keptAccount(file)
  if (kept) {
    const tokens = await guest.post<Tokens>('/api/auth/login', kept).catch((error: unknown) => {
      // Another database than last time: this account does not exist there.
      if (error instanceof ApiFailure && error.status === 401) return null
      throw error
    })
    if (tokens) return { api: apiAt(apiUrl, tokens.accessToken), account: kept, isNew: false }
  }
  const account = {
    email: `demo-${randomBytes(4).toString('hex')}@earshot.example`,
    password: randomBytes(15).toString('base64url'),
  }
  await register(guest, account, join(folder, 'mail'))
  await writeFile(file, `${JSON.stringify(account, null, 2)}\n`, { mode: 0o600 })
  const tokens = await guest.post<Tokens>('/api/auth/login', account)
  return { api: apiAt(apiUrl, tokens.accessToken), account, isNew: true }
}

/** As everybody does it: ask for an account, read the mail, follow its link, type the password. */
async function register(guest: Api, account: Account, mailFolder: string): Promise<void> {
  await guest.post('/api/auth/register', account)
  const token = await linkToken(mailFolder, account.email)
  await guest.send('/api/auth/verify-email', { token, password: account.password })
}

const lookEveryMs = 100
const patienceMs = 60_000
const mostMails = 20

async function linkToken(mailFolder: string, email: string): Promise<string> {
  const deadline = performance.now() + patienceMs
  while (performance.now() < deadline) {
    const mails = await listKeptMails(mailFolder, mostMails)
    const text = mails.find(({ to }) => to.includes(email))?.text
    const token = /#token=([\w-]+)/.exec(text ?? '')?.[1]
    if (token) return token
    await wait(lookEveryMs)
  }
  throw new Error(`No mail to ${email} came within ${patienceMs / 1_000} s: workers.log says why.`)
}
