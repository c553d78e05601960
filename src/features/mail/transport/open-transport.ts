import type { Context } from '../../../context.ts'
import type { MailTransport } from '../send-mails.service.ts'
import { openFolderTransport } from './folder.transport.ts'
import { openSmtpTransport } from './smtp.transport.ts'

/** The server that SMTP_URL names; without it mails are kept in the data folder. */
export const openMailTransport = ({
  config,
  log,
}: Pick<Context, 'config' | 'log'>): MailTransport =>
  config.mail.smtpUrl
    ? openSmtpTransport(config.mail.smtpUrl)
    : openFolderTransport({ folder: config.mail.folder, log })
