import { contextOf } from '../../src/compose.ts'
import { taskOrigin } from '../../src/core/origin.ts'
import { answerAccountRequests } from '../../src/features/accounts/index.ts'
import { listKeptMails, openMailTransport, sendDueMails } from '../../src/features/mail/index.ts'
import { linkMinters } from '../../workers/links.ts'
import { callApi, type TestApp } from './app.ts'

/** What the workers do for people's mails, one round at a time, and the mails that came of it. */
export function openMailbox(app: TestApp) {
  const context = () => contextOf(app.parts, new AbortController().signal, taskOrigin('mail/test'))
  const transport = openMailTransport(app.parts)
  const answer = () => answerAccountRequests(context())
  const send = () => sendDueMails(context(), { transport, minters: linkMinters })
  const deliver = async () => {
    await answer()
    await send()
  }
  /** Newest first. */
  const mailsTo = async (email: string) => {
    const kept = await listKeptMails(app.parts.config.mail.folder, 1_000)
    return kept.filter(({ to }) => to.includes(email))
  }
  const tokensTo = async (email: string) =>
    (await mailsTo(email)).flatMap(({ text }) => /#token=([\w-]+)/.exec(text)?.[1] ?? [])
  return {
    answer,
    send,
    deliver,
    mailsTo,
    tokensTo,
    /** Brings what is due and gives the token of the newest link to this address. */
    tokenTo: async (email: string): Promise<string> => {
      await deliver()
      const [token] = await tokensTo(email)
      if (!token) throw new Error(`no mail with a link went to ${email}`)
      return token
    },
  }
}
export type Mailbox = ReturnType<typeof openMailbox>

/** An account as people open it: asked for, and proven with the mail's link and the password. */
export async function registerByMail(
  app: TestApp,
  mailbox: Mailbox,
  account: { email: string; password: string; displayName?: string },
): Promise<void> {
  const asked = await callApi(app.url, null, 'POST', '/api/auth/register', account)
  if (asked.status !== 202) throw new Error(`register answered ${asked.status}`)
  const { email, password } = account
  const token = await mailbox.tokenTo(email)
  const shown = { token, password }
  const proven = await callApi(app.url, null, 'POST', '/api/auth/verify-email', shown)
  if (proven.status !== 204) throw new Error(`verify-email answered ${proven.status}`)
}
