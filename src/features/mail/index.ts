export type { DueMail } from './mail.repository.ts'
export { purgeMails, queueMail } from './mail.repository.ts'
export { purgeMailsTask, sendMailsTask } from './mail.tasks.ts'
export { countMails } from './mail-count.queries.ts'
export type { LinkTemplate, MailData, MailTemplate } from './mail-templates.ts'
export {
  type LinkMinters,
  type MailLink,
  type MailTransport,
  type MintLink,
  sendDueMails,
} from './send-mails.service.ts'
export { checkMailServer, sendTestMail } from './send-test.service.ts'
export { type KeptMail, listKeptMails, readKeptMail } from './transport/kept-mails.ts'
export { openMailTransport } from './transport/open-transport.ts'
