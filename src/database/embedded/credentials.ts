import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedPostgresError, isCode } from './errors.ts'
import { writePrivately } from './run-as.ts'

/** Passwords by role; `postgres` is the superuser and is used here only. */
export type Credentials = { postgres: string; earshot_owner: string; earshot_app: string }

const newPassword = () => randomBytes(24).toString('base64url') // needs no escaping in a URL or SQL

export async function readOrCreateCredentials(
  home: string,
  hasData: boolean,
): Promise<Credentials> {
  const path = join(home, 'credentials.json')
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Credentials
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
  if (hasData) {
    throw new EmbeddedPostgresError(
      `${path} is missing, and without its passwords the database beside it cannot be opened: ` +
        'bring it back, or move the folder away to start with an empty database.',
    )
  }
  const credentials = {
    postgres: newPassword(),
    earshot_owner: newPassword(),
    earshot_app: newPassword(),
  }
  await writePrivately(path, `${JSON.stringify(credentials, null, 2)}\n`, null)
  return credentials
}
