import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type Config, ConfigError } from '../config/config.ts'
import { systemClock } from '../core/clock.ts'
import { freshJwtSecret, freshMasterKey } from './fresh-secrets.ts'
import type { KeySource } from './keyring.ts'

const LocalSecrets = z.object({ jwtSecret: z.string().min(32), encryptionKeys: z.string().min(1) })
export type LocalSecrets = z.infer<typeof LocalSecrets>

/**
 * The configuration's secrets; outside production, what it leaves out is made once and kept in
 * `secrets.json` of the data folder, so that a bare machine starts and starts again.
 */
export async function localSecrets(config: Config): Promise<LocalSecrets> {
  const { jwtSecret } = config.auth
  const { encryptionKeys } = config
  if (jwtSecret && encryptionKeys) return { jwtSecret, encryptionKeys }
  if (config.production) {
    throw new ConfigError('In production JWT_SECRET and ENCRYPTION_KEYS must be set.')
  }
  const path = pathOf(config)
  const kept = (await readSecrets(path)) ?? (await makeSecrets(path))
  return {
    jwtSecret: jwtSecret ?? kept.jwtSecret,
    encryptionKeys: encryptionKeys ?? kept.encryptionKeys,
  }
}

const pathOf = (config: Config) => join(config.dataFolder, 'secrets.json')

/**
 * Keys that a rotation adds are in the file before anything is sealed by them. What the environment
 * gave cannot change while the process runs; a file that cannot be read changes nothing.
 */
export const localKeySource = (config: Config): KeySource => {
  if (config.encryptionKeys) return () => null
  return () => {
    try {
      return LocalSecrets.parse(JSON.parse(readFileSync(pathOf(config), 'utf8'))).encryptionKeys
    } catch {
      return null
    }
  }
}

/** Puts a key in front of the others. Two at once would lose one: the caller holds a lock. */
export async function addLocalKey(config: Config, key: string): Promise<void> {
  const path = pathOf(config)
  const kept = await readSecrets(path)
  if (!kept) throw new ConfigError(`${path} is not there: without its keys none can be added.`)
  const draft = `${path}.${randomUUID()}`
  try {
    const encryptionKeys = `${key},${kept.encryptionKeys}`
    await writeDurably(draft, `${JSON.stringify({ ...kept, encryptionKeys }, null, 2)}\n`)
    await rename(draft, path)
    const folder = await open(dirname(path))
    await folder.sync().finally(() => folder.close())
  } finally {
    await rm(draft, { force: true })
  }
}

/** Written whole under another name first; the link lets one of several processes win. */
async function makeSecrets(path: string): Promise<LocalSecrets> {
  const fresh = {
    jwtSecret: freshJwtSecret(),
    encryptionKeys: freshMasterKey(systemClock.now()),
  }
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}`
  try {
    await writeDurably(draft, `${JSON.stringify(fresh, null, 2)}\n`)
    await link(draft, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw new ConfigError(`${path} cannot be written: ${(error as Error).message}`)
    }
  } finally {
    await rm(draft, { force: true })
  }
  const agreed = await readSecrets(path)
  if (!agreed) throw new ConfigError(`${path} was taken away while Earshot started.`)
  return agreed
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function readSecrets(path: string): Promise<LocalSecrets | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new ConfigError(`${path} cannot be read: ${(error as Error).message}`)
  }
  try {
    return LocalSecrets.parse(JSON.parse(text))
  } catch {
    // The parser's own message may quote the text.
    throw new ConfigError(
      `${path} is damaged. Put it back from a backup: without its key nobody can read the ` +
        'credentials that are stored. Where none are, delete the file.',
    )
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
