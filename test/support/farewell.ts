import { randomBytes } from 'node:crypto'
import { contextOf } from '../../src/compose.ts'
import { commandOrigin } from '../../src/core/origin.ts'
import { countWorkspaceTags } from '../../src/features/hashtags/index.ts'
import { queueMail } from '../../src/features/mail/index.ts'
import { type Answer, password, type TestApp } from './app.ts'
import { type Canary, randomMark } from './canaries.ts'
import { type Collected, collectedBy } from './collected.ts'
import { tell } from './feedback.ts'
import { type Mailbox, registerByMail } from './mailbox.ts'
import { asOwner } from './servers.ts'
import { addMember, newPerson, openTeam, type Person } from './team.ts'

const mark = () => randomMark().slice(0, 16)

/** Somebody of whom there is something in every table, each time by a text that nothing else has. */
export type Leaver = {
  email: string
  userId: string
  homeId: string
  token: string
  call: (method: string, path: string, body?: unknown, ip?: string) => Promise<Answer>
  collected: Collected
  canaries: Canary[]
}

type Ask = { token?: string; ip: string; userAgent: string }

async function ask(
  app: TestApp,
  { token, ip, userAgent }: Ask,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${app.url}${path}`, {
    method,
    headers: {
      'x-forwarded-for': ip,
      'user-agent': userAgent,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = (response.headers.get('content-type') ?? '').includes('json')
  return {
    status: response.status,
    headers: response.headers,
    body: (json && text ? JSON.parse(text) : text) as never,
  }
}

const address = () => `203.0.113.${100 + ((randomBytes(1)[0] ?? 0) % 150)}`

/** Lives a whole life in Earshot. `app` must believe x-forwarded-for of this machine. */
export async function openLeaver(app: TestApp, mailbox: Mailbox): Promise<Leaver> {
  const ip = address()
  const planted = {
    email: `leaver-${mark()}@example.org`,
    displayName: `Name ${mark()}`,
    username: `u_${mark()}`,
    bio: `Bio ${mark()}`,
    userAgent: `Browser ${mark()}`,
    secondEmail: `second-${mark()}@example.org`,
    tokenName: `Token ${mark()}`,
    feedback: `Feedback ${mark()}`,
    source: `source-${mark()}`,
    post: `Post ${mark()}`,
    author: `author-${mark()}`,
    friend: `friend-${mark()}@example.org`,
    profile: `Profile ${mark()}`,
    label: `Model ${mark()}`,
    report: `Report ${mark()}`,
    experiment: `Hypothesis ${mark()}`,
    episode: `Why ${mark()}`,
    ip,
  }
  const { email, displayName, userAgent } = planted
  await registerByMail(app, mailbox, { email, password, displayName })
  const from = { ip, userAgent }
  await expectStatus(
    401,
    ask(app, from, 'POST', '/api/auth/login', { email, password: 'wrong-1-wrong' }),
  )
  const login = await ask(app, from, 'POST', '/api/auth/login', { email, password })
  const { accessToken: token, user } = login.body as { accessToken: string; user: { id: string } }
  const call: Leaver['call'] = (method, path, body, by = ip) =>
    ask(app, { token, ip: by, userAgent }, method, path, body)
  const me = await call('GET', '/api/auth/me')
  const homeId = (me.body as { workspace: { id: string } }).workspace.id
  const { username, bio } = planted
  await expectStatus(200, call('PATCH', '/api/users/me', { username, bio }))
  const newEmail = { currentPassword: password, email: planted.secondEmail }
  await expectStatus(202, call('POST', '/api/users/me/email', newEmail))
  const apiToken = {
    name: planted.tokenName,
    scopes: ['read'],
    expiresInDays: 30,
    currentPassword: password,
  }
  await expectStatus(201, call('POST', '/api/users/me/tokens', apiToken))
  await tell({ token, email, call }, { title: planted.feedback, description: planted.feedback })
  const collected = await collectAll(app, { token, email, call }, planted)
  await expectStatus(
    201,
    call(
      'POST',
      `/api/workspaces/${await openTeam({ call } as Person, `Own team ${mark()}`)}/invitations`,
      {
        email: planted.friend,
        role: 'viewer',
      },
    ),
  )
  // Asked and not answered yet.
  await expectStatus(202, ask(app, from, 'POST', '/api/auth/forgot-password', { email }))
  const canaries = Object.entries(planted).map(([name, value]) => ({ name, value }))
  return { email, userId: user.id, homeId, token, call, collected, canaries }
}

async function expectStatus(status: number, answer: Promise<Answer>): Promise<Answer> {
  const given = await answer
  if (given.status !== status) {
    throw new Error(`${given.status} in place of ${status}: ${JSON.stringify(given.body)}`)
  }
  return given
}

type Planted = Record<
  'source' | 'post' | 'author' | 'profile' | 'label' | 'report' | 'experiment' | 'episode',
  string
>

async function collectAll(
  app: TestApp,
  person: Parameters<typeof collectedBy>[1],
  planted: Planted,
): Promise<Collected> {
  const collected = await collectedBy(app, person)
  const source = await collected.source('twitter', planted.source)
  const author_id = await collected.author('twitter', planted.author)
  const post = await collected.post(source, {
    title: planted.post,
    body: planted.post,
    author_id,
    tags: [planted.author],
    scores: [0.1, 0.2, 0.7, 0.6],
    published_at: new Date(Date.now() - 3_600_000).toISOString(),
  })
  const { client, workspaceId } = collected
  await client.query(
    'insert into post_samples (post_id, sampled_at, workspace_id, likes) values ($1, now(), $2, 7)',
    [post, workspaceId],
  )
  await client.query(
    'insert into source_samples (source_id, sampled_at, workspace_id, followers) values ($1, now(), $2, 9)',
    [source, workspaceId],
  )
  await client.query('update credential_profiles set name = $1', [planted.profile])
  await client.query(
    `insert into job_executions (workspace_id, job_id, scheduled_for, started_at, status, error_message)
     select workspace_id, id, now(), now(), 'failed', $1 from monitoring_jobs`,
    [planted.post],
  )
  await client.query(
    `insert into outbox (workspace_id, topic, payload, created_at) values ($1, 't', $2, now())`,
    [workspaceId, JSON.stringify({ text: planted.post })],
  )
  await analyse(app, collected, post, planted)
  return collected
}

/** What people make of what was collected, and the counts of tags, which also stand in Redis. */
async function analyse(
  app: TestApp,
  { client, workspaceId }: Collected,
  post: string,
  { label, report, experiment, episode, author }: Planted,
): Promise<void> {
  await client.query(
    `insert into sentiment_labels (post_id, workspace_id, label, text_version, model, labelled_at)
      values ($1, $2, 'negative', md5('a'), $3, now())`,
    [post, workspaceId, label],
  )
  await client.query(
    `insert into analytics_reports (workspace_id, name, report_type, request, report_data, created_at)
      values ($1, $2, 'overview', '{}', jsonb_build_object('text', $2::text), now())`,
    [workspaceId, report],
  )
  await client.query(
    `insert into experiments (workspace_id, name, hypothesis, kind, treatment, metric,
       baseline_from, starts_at, ends_at, created_at)
      values ($1, 'Earlier', $2, 'posting_times', '{}', 'engagement',
        now() - interval '2 days', now() - interval '1 day', now(), now())`,
    [workspaceId, experiment],
  )
  await client.query(
    `insert into tag_episodes (workspace_id, tag, started_at, seen_at, peak_z, authors, expected, why)
      values ($1, $2, now(), now(), 3, 1, 0.5, $3)`,
    [workspaceId, author, episode],
  )
  const ctx = contextOf(app.parts, new AbortController().signal, commandOrigin('test'))
  await countWorkspaceTags(ctx, workspaceId)
}

/** Others who know the person: a team that they share, and an invitation that was sent to them. */
export async function openNeighbours(app: TestApp, leaver: Leaver) {
  const owner = await newPerson(app)
  const team = await openTeam(owner, 'Shared')
  await addMember(app, team, leaver.userId, 'editor')
  const other = await openTeam(owner, 'Asks them')
  await expectStatus(
    201,
    owner.callIn(other, 'POST', `/api/workspaces/${other}/invitations`, {
      email: leaver.email,
      role: 'viewer',
    }),
  )
  // A mail that still waits, and names them as the one who invites.
  const ctx = contextOf(app.parts, new AbortController().signal, commandOrigin('test'))
  await queueMail(ctx, {
    userId: null,
    to: 'third@example.org',
    template: 'invitation',
    data: {
      invitationId: '999999',
      workspaceName: 'Shared',
      inviter: leaver.email,
      role: 'viewer',
    },
  })
  const mine = await collectedBy(app, owner)
  await mine.post(await mine.source('twitter', 'theirs'), { title: 'Theirs' })
  await mine.close()
  return { owner, team, other }
}

/** Every row of a workspace in every table, but for the audit log's. */
export const rowsOfWorkspace = (
  app: TestApp,
  workspaceId: string,
): Promise<Record<string, string[]>> =>
  asOwner(app.ownerUrl, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select table_name as name from information_schema.columns
        where table_schema = 'public' and column_name = 'workspace_id'
          and table_name in (select tablename from pg_tables where schemaname = 'public')
          and table_name not like 'audit%' order by 1`,
    )
    await client.query('set role earshot_app')
    await client.query(`select set_config('app.workspace_id', $1, false)`, [workspaceId])
    const found: Record<string, string[]> = {}
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(
        `select t::text as row from ${name} t where workspace_id = $1 order by 1`,
        [workspaceId],
      )
      found[name] = rows.map(({ row }) => row)
    }
    return found
  })
