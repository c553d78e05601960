import { ConfigError } from '../../config/config.ts'
import { freshMasterKey } from '../../secrets/fresh-secrets.ts'
import { keepProof } from '../../secrets/key-check.ts'
import { createKeyring } from '../../secrets/keyring.ts'
import { addLocalKey } from '../../secrets/local-secrets.ts'
import { lockKeys } from '../../secrets/processes.ts'
import type { KeyWork } from './with-keys.ts'

const given =
  'ENCRYPTION_KEYS is given by the environment, which only you can change: `keys new` prints a ' +
  'key. Put it in front of the others there, restart every process, then run `keys rotate`.'

/**
 * Makes a key in DATA_DIR/secrets.json, from where running processes read it. The database knows it
 * first: a process that has read it may seal with it at once.
 */
export async function addKey({ ctx, config }: KeyWork): Promise<string> {
  if (config.encryptionKeys) throw new ConfigError(given)
  const key = freshMasterKey(ctx.clock.now())
  const alone = createKeyring(key)
  const keyId = alone.currentId
  await keepProof(ctx.em, alone, keyId)
  await ctx.em.transactional(async (inner) => {
    // One command at a time: two that read the file at once would lose a key.
    await lockKeys(inner as typeof ctx.em, 'exclusive')
    await addLocalKey(config, key)
  })
  ctx.keyring.reread()
  return keyId
}
