import {
  type LinkMinters,
  type MailTransport,
  purgeMails,
  purgeMailsTask,
  sendDueMails,
  sendMailsTask,
} from '../src/features/mail/index.ts'
import { worker } from './worker.ts'

export const mailWorker = (transport: MailTransport, minters: LinkMinters) =>
  worker(sendMailsTask, (ctx) => sendDueMails(ctx, { transport, minters }))

export const purgeMailsWorker = worker(purgeMailsTask, purgeMails)
