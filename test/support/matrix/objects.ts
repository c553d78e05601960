import { password } from '../app.ts'
import { asOwner } from '../servers.ts'
import { linkTokenOf, newPerson, openTeam, type Person, rowsIn, signedInAgain } from '../team.ts'
import type { Caller, CallerName, Params, World } from './callers.ts'

type Maker = {
  /** Of the team, or of the caller. */
  own: (world: World, caller: Caller) => Promise<Params>
  /** Of the neighbour, or of the neighbour's team. */
  foreign: (world: World) => Promise<Params>
  /** Inside our own workspace, but naming what is somebody else's or nobody's. */
  inside?: (world: World) => Promise<Record<'foreign' | 'absent', Params>>
}

export const absentId = '9007199254740993'

let serial = 0
const next = () => `${++serial}`

/** They can make nothing of their own any more, and may not ask for it either. */
const isOut = (name: CallerName) => name === 'ended session' || name === 'disabled person'

type Make = (world: World, workspaceId: string, by: Person) => Promise<Params>

/** The same thing in the team and in the neighbour's. */
const ofWorkspace = (make: Make): Maker => ({
  own: (world) => make(world, world.team, world.owner),
  foreign: (world) => make(world, world.elsewhere, world.neighbour),
})

/** The same thing of the caller and of the neighbour. */
const ofPerson = (make: (world: World, person: Person) => Promise<Params>): Maker => ({
  own: (world, { name, person }) => make(world, (!isOut(name) && person) || world.owner),
  foreign: (world) => make(world, world.neighbour),
})

const credentials = { clientId: 'matrix', clientSecret: 'matrix-secret' }

async function profile(_world: World, workspaceId: string, by: Person): Promise<Params> {
  const body = { platform: 'twitch', name: `profile ${next()}`, credentials }
  const made = await by.callIn(workspaceId, 'POST', '/api/profiles', body)
  return { id: (made.body as { id: string }).id }
}

async function source(world: World, workspaceId: string, by: Person): Promise<Params> {
  const { id: profileId } = await profile(world, workspaceId, by)
  return inserted(
    world,
    workspaceId,
    `insert into sources (workspace_id, profile_id, platform, handle, external_id, url, created_at)
      values ($1, $2, 'twitch', $3, $3, 'https://example.org', now()) returning id`,
    [profileId, `handle-${next()}`],
  )
}

async function job(world: World, workspaceId: string, by: Person): Promise<Params> {
  const { id: sourceId } = await source(world, workspaceId, by)
  return inserted(
    world,
    workspaceId,
    `insert into monitoring_jobs (workspace_id, source_id, profile_id, interval_minutes,
       next_run_at, created_at, updated_at)
     select $1, id, profile_id, 30, now(), now(), now() from sources where id = $2 returning id`,
    [sourceId],
  )
}

async function post(world: World, workspaceId: string, by: Person): Promise<Params> {
  const { id: sourceId } = await source(world, workspaceId, by)
  return inserted(
    world,
    workspaceId,
    `insert into posts (workspace_id, source_id, platform, kind, external_id, published_at, fetched_at)
      values ($1, $2, 'twitch', 'stream', $3, now(), now()) returning id`,
    [sourceId, `post-${next()}`],
  )
}

async function label(world: World, workspaceId: string, by: Person): Promise<Params> {
  const { id } = await post(world, workspaceId, by)
  await rowsIn(
    world.app,
    workspaceId,
    `insert into sentiment_labels (post_id, workspace_id, label, text_version, labelled_at)
      values ($2, $1, 'neutral', '', now())`,
    [workspaceId, id],
  )
  return { id: id ?? '' }
}

const report: Make = (world, workspaceId) =>
  inserted(
    world,
    workspaceId,
    `insert into analytics_reports (workspace_id, name, report_type, request, report_data, created_at)
      values ($1, 'matrix', 'summary', '{}', $2, now()) returning id`,
    [{ version: 1, from: '2026-01-01', to: '2026-02-01', request: { source: null } }],
  )

const experiment: Make = (world, workspaceId) =>
  inserted(
    world,
    workspaceId,
    `insert into experiments (workspace_id, name, hypothesis, kind, treatment, metric, baseline_from,
       starts_at, ends_at, created_at)
      values ($1, $2, 'h', 'promotion', '{"kind": "promotion"}', 'engagement', '2026-01-01',
        '2026-02-01', '2026-03-01', '2026-01-01') returning id`,
    [`experiment-${next()}`],
  )

const author: Make = (world, workspaceId) =>
  inserted(
    world,
    workspaceId,
    `insert into authors (workspace_id, platform, external_id, handle, updated_at)
      values ($1, 'twitch', $2, $2, now()) returning id`,
    [`author-${next()}`],
  )

async function inserted(
  { app }: World,
  workspaceId: string,
  statement: string,
  values: unknown[],
): Promise<Params> {
  const [row] = await rowsIn<{ id: string }>(app, workspaceId, statement, [workspaceId, ...values])
  return { id: String(row?.id) }
}

async function invitation(_world: World, workspaceId: string, by: Person): Promise<Params> {
  const body = { email: `guest-${next()}@example.org`, role: 'viewer' }
  const made = await by.call('POST', `/api/workspaces/${workspaceId}/invitations`, body)
  const { id } = made.body as { id: string }
  return { id: workspaceId, invitationId: id }
}

/** Sent so long ago that it may be sent again. */
async function oldInvitation(world: World, workspaceId: string, by: Person): Promise<Params> {
  const made = await invitation(world, workspaceId, by)
  await rowsIn(
    world.app,
    workspaceId,
    "update invitations set expires_at = expires_at - interval '1 hour' where id = $1",
    [made.invitationId],
  )
  return made
}

async function member({ app }: World, workspaceId: string): Promise<Params> {
  const { userId } = await newPerson(app)
  const values = [workspaceId, userId]
  await rowsIn(app, workspaceId, "insert into memberships values ($1, $2, 'editor', now())", values)
  return { id: workspaceId, userId }
}

/** The token of an invitation to an address, into a team of nobody else. */
export async function linkFor(
  world: World,
  email = `guest-${next()}@example.org`,
): Promise<string> {
  const body = { email, role: 'viewer' }
  const path = `/api/workspaces/${await openTeam(world.neighbour)}/invitations`
  const made = await world.neighbour.call('POST', path, body)
  return linkTokenOf(world.app, (made.body as { id: string }).id)
}

const feedback = async (_world: World, person: Person): Promise<Params> => {
  const body = { type: 'bug', title: 'It is red', description: 'It was green.' }
  const made = await person.call('POST', '/api/feedback', body)
  return { id: (made.body as { id: string }).id }
}

async function screenshot(world: World, person: Person): Promise<Params> {
  const made = await feedback(world, person)
  await asOwner(world.app.ownerUrl, (client) =>
    client.query(
      `insert into feedback_screenshots (id, feedback_id, state, media_type, bytes, created_at)
        values (gen_random_uuid(), $1, 'ready', 'image/webp', '\\x00', now())`,
      [made.id],
    ),
  )
  return made
}

/** Another one than the caller's: that one is still needed. */
async function session({ app }: World, person: Person): Promise<Params> {
  const me = await (await signedInAgain(app, person)).call('GET', '/api/auth/me')
  return { id: (me.body as { session: { id: string } }).session.id }
}

async function apiToken(_world: World, person: Person): Promise<Params> {
  const body = { name: 'Script', scopes: ['read'], expiresInDays: 30, currentPassword: password }
  const made = await person.call('POST', '/api/users/me/tokens', body)
  return { id: (made.body as { id: string }).id }
}

const inTeam = (key: string, make: Make): Maker => ({
  ...ofWorkspace(make),
  inside: async (world) => {
    const theirs = await make(world, world.elsewhere, world.neighbour)
    return {
      foreign: { id: world.team, [key]: theirs[key] ?? '' },
      absent: { id: world.team, [key]: absentId },
    }
  },
})

export const objects = {
  profile: ofWorkspace(profile),
  source: ofWorkspace(source),
  job: ofWorkspace(job),
  post: ofWorkspace(post),
  author: ofWorkspace(author),
  label: ofWorkspace(label),
  experiment: ofWorkspace(experiment),
  report: ofWorkspace(report),
  workspace: ofWorkspace(async (_world, id) => ({ id })),
  invitation: inTeam('invitationId', oldInvitation),
  member: inTeam('userId', member),
  session: ofPerson(session),
  apiToken: ofPerson(apiToken),
  feedback: ofPerson(feedback),
  screenshot: ofPerson(screenshot),
  user: ofPerson(async ({ app }) => ({ id: (await newPerson(app)).userId })),
} satisfies Record<string, Maker>
export type ObjectName = keyof typeof objects
