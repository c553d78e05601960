import type { Context } from '../../context.ts'

/** Runs one piece of work as a command of this name, which is what the audit log will say. */
export async function withContext<T>(name: string, work: (ctx: Context) => Promise<T>): Promise<T> {
  const [{ compose, contextOf }, { loadConfig }, { commandOrigin }] = await Promise.all([
    import('../../compose.ts'),
    import('../../config/config.ts'),
    import('../../core/origin.ts'),
  ])
  const parts = await compose(loadConfig({ LOG_LEVEL: 'error' }), { name: 'cli' })
  try {
    return await work(contextOf(parts, new AbortController().signal, commandOrigin(name)))
  } finally {
    await parts.close()
  }
}
