import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { openAccount, reasonsAgainst } from '../../features/accounts/index.ts'
import { Email } from '../../http/email.ts'

export type CreateOptions = {
  email: string
  displayName?: string
  admin?: boolean
  passwordStdin?: boolean
  json?: boolean
}

/** 20 letters, digits, dashes and underscores: 120 random bits. */
const freshPassword = () => randomBytes(15).toString('base64url')

/** Never an option of the command: what stands there stands in the shell's history too. */
const typedPassword = async () => (await text(process.stdin)).replace(/\r?\n$/, '')

/** Opens an account; what it says holds the password only where we made it. */
export async function createUser(ctx: Context, options: CreateOptions): Promise<string> {
  const parsed = Email.safeParse(options.email)
  if (!parsed.success)
    throw new AppError('invalid_input', `'${options.email}' is no e-mail address.`)
  const email = parsed.data
  const displayName = options.displayName ?? null
  const password = options.passwordStdin ? await typedPassword() : freshPassword()
  const [reason] = reasonsAgainst(password, { email, displayName })
  if (reason) throw new AppError('invalid_input', `The password ${reason}`)
  const role = options.admin ? 'admin' : 'user'
  const { id } = await openAccount(ctx, { email, displayName, password, role, verified: true })
  const made = options.passwordStdin ? {} : { password }
  if (options.json) return JSON.stringify({ id, email, role, ...made })
  const shown = options.passwordStdin ? '' : `\nPassword (shown this once): ${password}`
  return `${email} can sign in${role === 'admin' ? ', as an administrator' : ''}.${shown}`
}
