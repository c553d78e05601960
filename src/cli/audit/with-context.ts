import { compose, contextOf } from '../../compose.ts'
import { loadConfig } from '../../config/config.ts'
import type { Context } from '../../context.ts'
import { commandOrigin } from '../../core/origin.ts'

/** Opens Earshot for one command and closes it again. */
export async function withContext<T>(name: string, work: (ctx: Context) => Promise<T>): Promise<T> {
  const parts = await compose(loadConfig({ LOG_LEVEL: 'error' }), { name: 'cli' })
  try {
    return await work(contextOf(parts, new AbortController().signal, commandOrigin(name)))
  } finally {
    await parts.close()
  }
}

export const write = (line: string) => process.stdout.write(`${line}\n`)
