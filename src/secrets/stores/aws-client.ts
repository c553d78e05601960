import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Config } from '../../config/config.ts'

export type Sdk = typeof import('@aws-sdk/client-secrets-manager')
export type Aws = { sdk: Sdk; client: SecretsManagerClient }

/** A run of a profile, and a person at a form, wait for these; so may a locked row. */
const connectionTimeout = 2_000
const requestTimeout = 5_000
const maxAttempts = 3

/** The SDK takes 0.16 s and 17 MB to load: only who keeps secrets there pays for it. */
export function awsConnection({ region, url }: Config['secretStore']) {
  let opened: Promise<Aws> | null = null
  const open = async (): Promise<Aws> => {
    const sdk = await import('@aws-sdk/client-secrets-manager')
    const client = new sdk.SecretsManagerClient({
      maxAttempts,
      requestHandler: { connectionTimeout, requestTimeout, throwOnRequestTimeout: true },
      ...(region && { region }),
      ...(url && { endpoint: url }),
    })
    return { sdk, client }
  }
  return {
    open: () => {
      opened ??= open()
      return opened
    },
    close: () => void opened?.then(({ client }) => client.destroy()),
  }
}
