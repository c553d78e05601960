import type pg from 'pg'
import { contextOf } from '../../src/compose.ts'
import { commandOrigin } from '../../src/core/origin.ts'
import { openAccount } from '../../src/features/accounts/index.ts'
import { type BenchChild, startProgram } from '../child.ts'
import type { BenchEnvironment } from '../environment.ts'
import type { Named } from './endpoints.ts'

const password = 'a-Long-passphrase-42'

/** Somebody with a workspace of their own; gives the workspace. */
export async function openWorkspace(
  { parts }: BenchEnvironment,
  superuser: pg.Client,
  email: string,
): Promise<string> {
  const ctx = contextOf(parts, new AbortController().signal, commandOrigin('bench'))
  const { id } = await openAccount(ctx, { email, password, verified: true })
  const { rows } = await superuser.query(
    'select workspace_id from memberships where user_id = $1 order by workspace_id limit 1',
    [id],
  )
  return String(rows[0].workspace_id)
}

/** The busiest of everything, so that what is measured is the worst that people meet. */
export async function findNamed(superuser: pg.Client, workspaceId: string): Promise<Named> {
  const one = async (sql: string) => {
    const { rows } = await superuser.query(sql, [workspaceId])
    return String(rows[0]?.value ?? '0')
  }
  const busiest = (column: string) => `
    select ${column} as value from posts where workspace_id = $1 and kind <> 'comment'
      and ${column} is not null group by 1 order by count(*) desc, 1 limit 1`
  return {
    source: await one(busiest('source_id')),
    author: await one(busiest('author_id')),
    category: await one(busiest('category')),
    post: await one(`select id as value from posts where workspace_id = $1 and kind = 'tweet'
      and published_at < (select max(published_at) from posts where workspace_id = $1)
        - interval '3 days' order by published_at desc limit 1`),
    thread: await one(`select post_id as value from thread_shapes where workspace_id = $1
      order by size desc limit 1`),
    tag: 'tag2',
  }
}

export type Api = {
  /** Asks as somebody; `token` from `signIn`. */
  ask: (token: string, question: string) => Promise<{ status: number; ms: number; body: string }>
  signIn: (email: string) => Promise<string>
  stop: () => Promise<void>
}

const timed = async (url: string, init: RequestInit) => {
  const started = performance.now()
  const response = await fetch(url, init)
  const body = await response.text()
  return { status: response.status, ms: performance.now() - started, body }
}

/** The API as people run it, in a process of its own, at the world's present. */
export async function startApi({ variables }: BenchEnvironment, until: string): Promise<Api> {
  const child: BenchChild = await startProgram(
    ['src/main.ts'],
    {
      ...variables,
      LOG_LEVEL: 'info',
      PORT: '0',
      CLOCK_AT: until,
      RATE_LIMIT_USER: '10000000',
      // What is measured as uncached must not have been computed ahead.
      ANALYTICS_WARMING: 'false',
    },
    /listens on (http:\/\/[^\s"]+)/,
  )
  return apiAt(child.matched, child)
}

const apiAt = (url: string, { stop }: Pick<Api, 'stop'>): Api => ({
  ask: (token, question) =>
    timed(`${url}${question}`, { headers: { authorization: `Bearer ${token}` } }),
  signIn: async (email) => {
    const { status, body } = await timed(`${url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    if (status !== 200) throw new Error(`Signing in answered ${status}`)
    return (JSON.parse(body) as { accessToken: string }).accessToken
  },
  stop,
})

/** Every kept answer belongs to a version of the data: after this they all belong to another one. */
export const forgetAnswers = (superuser: pg.Client) =>
  superuser.query('update workspace_folds set folded = folded + 1')
