import { contextOf } from '../../src/compose.ts'
import type { Clock } from '../../src/core/clock.ts'
import { taskOrigin } from '../../src/core/origin.ts'
import {
  type LinkMinters,
  type MailTransport,
  queueMail,
  sendDueMails,
} from '../../src/features/mail/index.ts'
import type { MailData, MailTemplate } from '../../src/features/mail/mail-templates.ts'
import type { TestApp } from './app.ts'
import { asOwner } from './servers.ts'

/** Links without accounts behind them: each time it is asked, another one. */
export function countedLinks(publicUrl = 'http://earshot.test') {
  let made = 0
  const mint = async () => {
    made += 1
    const token = `secret-${String(made).padStart(36, '0')}`
    return {
      url: `${publicUrl}/account/x#token=${token}`,
      expiresAt: new Date('2027-01-01T00:00Z'),
    }
  }
  const minters: LinkMinters = {
    verify_email: mint,
    reset_password: mint,
    change_email: mint,
    invitation: mint,
  }
  return minters
}

const context = (app: TestApp, clock: Clock) => ({
  ...contextOf(app.parts, new AbortController().signal, taskOrigin('mail/test')),
  clock,
})

/** The rooms of the mail feature, opened by a test that holds the clock. */
export function postOffice(app: TestApp, clock: Clock, minters: LinkMinters = countedLinks()) {
  return {
    queue: <Template extends MailTemplate>(
      to: string,
      template: Template,
      data: MailData[Template],
      userId: string | null = null,
    ) => queueMail(context(app, clock), { userId, to, template, data }),
    /** One round of the task. */
    send: (transport: MailTransport) => sendDueMails(context(app, clock), { transport, minters }),
    rows: () => mailRows(app.ownerUrl),
  }
}

export type MailRow = {
  id: string
  recipient: string
  template: string
  data: Record<string, unknown>
  tries: number
  created_at: Date
  next_try_at: Date
  sent_at: Date | null
  given_up_at: Date | null
  last_error: string | null
}

export const mailRows = (ownerUrl: string): Promise<MailRow[]> =>
  asOwner(
    ownerUrl,
    async (client) => (await client.query<MailRow>('select * from mails order by id')).rows,
  )
