import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Logger } from '../../../core/logger.ts'
import type { WrittenMail } from '../content/write-mail.ts'
import type { MailTransport } from '../send-mails.service.ts'
import { messageOf } from './message.ts'

const mostKept = 1_000

type Folder = { folder: string; log: Logger }

/**
 * Without a mail server: each mail becomes a file that only we may read, and the log names the file
 * (never the link in it). `npm run earshot -- mail` shows them.
 */
export function openFolderTransport({ folder, log }: Folder): MailTransport {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    deliver: async (mail) => {
      const { message } = await composer.sendMail(messageOf(mail))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await chmod(folder, 0o700)
      const file = join(folder, fileName(mail))
      // Whole or not at all: a reader never meets half a mail.
      await writeFile(`${file}.part`, message as Buffer, { mode: 0o600 })
      await rename(`${file}.part`, file)
      await dropOldest(folder)
      log.info({ mailId: mail.id, file }, 'a mail was kept; `npm run earshot -- mail` shows it')
    },
    close: () => {},
  }
}

/** Named so that the order of names is the order in time. */
const fileName = ({ at, id }: WrittenMail) => `${at.toISOString().replaceAll(':', '-')}-${id}.eml`

export const isMailFile = (name: string) => name.endsWith('.eml')

async function dropOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter(isMailFile).toSorted()
  for (const name of names.slice(0, -mostKept)) await rm(join(folder, name), { force: true })
}
