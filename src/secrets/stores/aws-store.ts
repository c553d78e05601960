import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../../config/config.ts'
import { SealError } from '../aes-gcm.ts'
import type { ProfileOwner } from '../sealed-secret.ts'
import { type Aws, awsConnection } from './aws-client.ts'
import { awsRefusal, isGone, isThereAlready } from './aws-errors.ts'
import type { Fields, KeptSecret, SecretStore } from './secret-store.ts'

/** What stands in a secret. It says whose it is: a row that points at another's opens nothing. */
const Kept = z.object({
  workspaceId: z.string(),
  profileId: z.string(),
  fields: z.record(z.string(), z.string()),
})

/**
 * Each in a secret of its own, `prefix` + workspace/profile. A row names the version too: until it is
 * committed that a newer one counts, the older one is what opens.
 */
export function awsStore(config: Config['secretStore']): SecretStore & { close: () => void } {
  const aws = awsConnection(config)
  const nameOf = (owner: ProfileOwner) => `${config.prefix}${owner.workspaceId}/${owner.profileId}`

  async function ask<T>(doing: string, ref: string, work: (aws: Aws) => Promise<T>): Promise<T> {
    try {
      return await work(await aws.open())
    } catch (error) {
      throw awsRefusal(error, doing, ref)
    }
  }

  const put = (name: string, owner: ProfileOwner, fields: Fields): Promise<KeptSecret> =>
    ask('PutSecretValue', name, async ({ sdk, client }) => {
      const { secret, version } = written(owner, fields)
      const input = { SecretId: name, SecretString: secret, ClientRequestToken: version }
      await client.send(new sdk.PutSecretValueCommand(input))
      return keptAt(name, version)
    })

  return {
    name: 'aws',
    close: aws.close,
    refOf: nameOf,
    keep: async (owner, fields) => {
      const name = nameOf(owner)
      const made = await ask('CreateSecret', name, async ({ sdk, client }) => {
        const { secret, version } = written(owner, fields)
        const input = {
          Name: name,
          SecretString: secret,
          ClientRequestToken: version,
          Description: 'Credentials that Earshot keeps for a profile',
        }
        try {
          await client.send(new sdk.CreateSecretCommand(input))
          return keptAt(name, version)
        } catch (error) {
          if (isThereAlready(error)) return null
          throw error
        }
      })
      // A try before this one got so far, and no further.
      return made ?? put(name, owner, fields)
    },
    open: (owner, { secretRef }) => openAt(ask, owner, secretRef ?? ''),
    replace: (owner, { secretRef }, fields) => put(partsOf(secretRef ?? '').name, owner, fields),
    remove: (ref) =>
      ask('DeleteSecret', ref, async ({ sdk, client }) => {
        // No window to recover it: who deletes credentials, or an account, means it.
        const input = { SecretId: partsOf(ref).name, ForceDeleteWithoutRecovery: true }
        await client.send(new sdk.DeleteSecretCommand(input)).catch((error: unknown) => {
          if (!isGone(error)) throw error
        })
      }),
  }
}

type Ask = <T>(doing: string, ref: string, work: (aws: Aws) => Promise<T>) => Promise<T>

async function openAt(ask: Ask, owner: ProfileOwner, ref: string): Promise<Fields> {
  const { name, version } = partsOf(ref)
  const text = await ask('GetSecretValue', name, async ({ sdk, client }) => {
    const input = { SecretId: name, ...(version && { VersionId: version }) }
    return (await client.send(new sdk.GetSecretValueCommand(input))).SecretString
  })
  const kept = readKept(text)
  if (kept?.workspaceId !== owner.workspaceId || kept.profileId !== owner.profileId) {
    throw new SealError('A secret in AWS Secrets Manager is not the one of this profile.')
  }
  return kept.fields
}

/** The parser's own message may quote the text. */
function readKept(text: string | undefined): z.infer<typeof Kept> | null {
  try {
    return Kept.safeParse(JSON.parse(text ?? '')).data ?? null
  } catch {
    return null
  }
}

/** A version of its own: by it the SDK's second try finds what the first one wrote. */
const written = ({ workspaceId, profileId }: ProfileOwner, fields: Fields) => ({
  secret: JSON.stringify({ workspaceId, profileId, fields }),
  version: randomUUID(),
})

const keptAt = (name: string, version: string): KeptSecret => ({
  secretStore: 'aws',
  secretRef: `${name}#${version}`,
  keyId: null,
  wrappedKey: null,
  sealedFields: {},
})

const partsOf = (ref: string) => {
  const [name = '', version] = ref.split('#')
  return { name, version }
}
