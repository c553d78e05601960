import type { Config } from '../../config/config.ts'
import type { Keyring } from '../keyring.ts'
import { awsStore } from './aws-store.ts'
import { databaseStore } from './database-store.ts'
import type { SecretStores } from './secret-store.ts'

/** All of them, whichever is chosen for what is new: each row says where its secret lies. */
export function openSecretStores(config: Config['secretStore'], keyring: Keyring): SecretStores {
  const aws = awsStore(config)
  const stores = { database: databaseStore(keyring), aws }
  return {
    current: stores[config.kind],
    byName: (name) => stores[name],
    close: aws.close,
  }
}
