import type { Config } from '../../config/config.ts'
import type { Context } from '../../context.ts'
import type { KeyOwner } from '../../secrets/key-owner.ts'

export type KeyWork = { ctx: Context; owner: KeyOwner; config: Config }

/** Opens Earshot for one command on its keys, with what the tables' owner alone may do. */
export async function withKeys<T>(name: string, work: (keys: KeyWork) => Promise<T>): Promise<T> {
  const [{ compose, contextOf }, { loadConfig }, { commandOrigin }, { keyOwner }] =
    await Promise.all([
      import('../../compose.ts'),
      import('../../config/config.ts'),
      import('../../core/origin.ts'),
      import('../../secrets/key-owner.ts'),
    ])
  const config = loadConfig({ LOG_LEVEL: 'error' })
  const parts = await compose(config, { name: 'cli' })
  try {
    const ctx = contextOf(parts, new AbortController().signal, commandOrigin(`keys ${name}`))
    return await work({ ctx, owner: keyOwner(parts.addresses.ownerUrl), config })
  } finally {
    await parts.close()
  }
}

export const write = (line: string) => process.stdout.write(`${line}\n`)
