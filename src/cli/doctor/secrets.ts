import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { createKeyring, type Keyring } from '../../secrets/keyring.ts'
import { localSecrets } from '../../secrets/local-secrets.ts'
import { type Finding, fail, messageOf, ok, warn } from './finding.ts'

export type SecretsFound = { findings: Finding[]; keyring: Keyring | null }

/** Reads the secrets without making any. */
export async function checkSecrets(config: Config): Promise<SecretsFound> {
  const { jwtSecret } = config.auth
  const given = jwtSecret !== null && config.encryptionKeys !== null
  if (!given && !existsSync(join(config.dataFolder, 'secrets.json'))) {
    return { findings: [ok('secrets', 'none yet: the first start makes them')], keyring: null }
  }
  try {
    const secrets = await localSecrets(config)
    const keyring = createKeyring(secrets.encryptionKeys)
    const keys = `${keyring.ids.length} (newest: ${keyring.currentId})`
    return { findings: [checkJwtSecret(secrets.jwtSecret), ok('master keys', keys)], keyring }
  } catch (error) {
    const advice = 'Mend ENCRYPTION_KEYS; the old keys must stay in it.'
    return { findings: [fail('secrets', messageOf(error), advice)], keyring: null }
  }
}

const fewSigns = 12

/** Length is checked by the configuration; this finds sentences and repeated signs. */
export function checkJwtSecret(secret: string): Finding {
  const what = 'JWT secret'
  const signs = new Set(secret).size
  const guessable = signs < fewSigns || /secret|change|password|earshot|example/i.test(secret)
  if (!guessable) return ok(what, `${secret.length} signs`)
  const advice = '`npm run earshot -- keys new` makes one; changing it signs everybody out.'
  return warn(what, 'it looks as if a person had made it up', advice)
}
