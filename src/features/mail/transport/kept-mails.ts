import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isMailFile } from './folder.transport.ts'
import { type ReadMail, readMail } from './read-mail.ts'

export type KeptMail = { file: string } & ReadMail

/** The mails that were kept instead of sent, newest first; none where there is no folder. */
export async function listKeptMails(folder: string, most: number): Promise<KeptMail[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const newest = names.filter(isMailFile).toSorted().toReversed().slice(0, most)
  return Promise.all(newest.map((name) => readKeptMail(join(folder, name))))
}

export const readKeptMail = async (file: string): Promise<KeptMail> => ({
  file,
  ...readMail(await readFile(file, 'utf8')),
})
