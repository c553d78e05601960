import type { Pool, PoolClient } from 'pg'
import type { Logger } from '../core/logger.ts'

type Options = {
  slowQueryMs: number
  log: Logger
  onQuery: (query: { seconds: number; slow: boolean }) => void
}

const longestText = 2_000

/**
 * Times every query of a pool's connections and logs the slow ones: their text, whose values stand
 * apart as parameters, never the parameters. COPY and cursors stream and are left out.
 */
export function watchQueries(pool: Pool, { slowQueryMs, log, onQuery }: Options): void {
  const watched = new WeakSet<PoolClient>()
  const finish = (text: string, started: number) => {
    const ms = performance.now() - started
    const slow = ms > slowQueryMs
    onQuery({ seconds: ms / 1000, slow })
    if (slow) log.warn({ sql: text.slice(0, longestText), ms: Math.round(ms) }, 'slow query')
  }
  pool.on('acquire', (client) => {
    if (watched.has(client)) return
    watched.add(client)
    client.query = timed(client.query.bind(client), finish) as never
  })
}

type Query = (...args: unknown[]) => unknown

function timed(query: unknown, finish: (text: string, started: number) => void): Query {
  const run = query as Query
  return (...args) => {
    const text = textOf(args[0])
    if (text === null) return run(...args)
    const started = performance.now()
    const last = args.at(-1)
    if (typeof last === 'function') {
      const then = (...answer: unknown[]) => {
        finish(text, started)
        return (last as Query)(...answer)
      }
      return run(...args.slice(0, -1), then)
    }
    const answer = run(...args) as Promise<unknown>
    const done = () => finish(text, started)
    answer.then(done, done)
    return answer
  }
}

/** null: not a plain query but something that streams. */
function textOf(first: unknown): string | null {
  if (typeof first === 'string') return first
  const { text, submit } = (first ?? {}) as { text?: unknown; submit?: unknown }
  return typeof submit !== 'function' && typeof text === 'string' ? text : null
}
