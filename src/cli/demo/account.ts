import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
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
    password: `Demo-${randomBytes(12).toString('base64url')}-1`,
  }
  await guest.post('/api/auth/register', account)
  await writeFile(file, `${JSON.stringify(account, null, 2)}\n`, { mode: 0o600 })
  const tokens = await guest.post<Tokens>('/api/auth/login', account)
  return { api: apiAt(apiUrl, tokens.accessToken), account, isNew: true }
}
