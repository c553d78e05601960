export { queueMail } from './mail.repository.ts'
export type { LinkTemplate, MailData, MailTemplate } from './mail-templates.ts'
