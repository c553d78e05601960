import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type pg from 'pg'
import { callApi, type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { seedSource } from '../support/seed.ts'
import { asOwner } from '../support/servers.ts'

let app: TestApp
let ada: SignedIn
let workspaceId: string
let jobId: string
let sourceId: string

const asSystem = <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
  asOwner(app.ownerUrl, async (client) => {
    await client.query('set role earshot_system')
    return (await client.query<Row>(text, values)).rows
  })
const written = (action: string) =>
  asSystem('select * from audit_log where action = $1 order by id', [action])

beforeAll(async () => {
  app = await startTestApp()
  ada = await app.signIn()
  const seeded = await seedSource(app.ownerUrl)
  ;({ workspaceId, jobId, sourceId } = seeded)
  await asOwner(app.ownerUrl, async (client) => {
    await client.query(
      `insert into memberships (workspace_id, user_id, role, created_at)
       select $1, id, 'viewer', now() from users where email = $2`,
      [workspaceId, ada.email],
    )
    await client.query('update sessions set workspace_id = $1', [workspaceId])
  })
})
afterAll(() => app.close())

const become = (role: string) =>
  asOwner(app.ownerUrl, (client) =>
    client.query('update memberships set role = $1 where workspace_id = $2', [role, workspaceId]),
  )

test('SEC-30: whoever is refused is written down, once a minute and route, with what they tried', async () => {
  for (let i = 0; i < 3; i += 1) {
    expect((await ada.call('POST', `/api/jobs/${jobId}/pause`)).status).toBe(403)
  }
  expect((await ada.call('DELETE', `/api/sources/${sourceId}`)).status).toBe(403)
  const rows = await written('access.denied')
  expect(rows.map(({ details }) => details)).toEqual([
    { method: 'POST', route: '/api/jobs/{id}/pause', role: 'viewer' },
    { method: 'DELETE', route: '/api/sources/{id}', role: 'viewer' },
  ])
  expect(rows[0]).toMatchObject({
    workspace_id: workspaceId,
    outcome: 'denied',
    actor_kind: 'user',
  })
  expect(rows[0]?.request_id).toMatch(/^[\w-]{8,}$/)
  expect(rows[0]?.personal.ip).toMatch(/127\.0\.0\.1/)
})

test('an unknown caller is refused without a row', async () => {
  const before = (await asSystem('select from audit_log')).length
  expect((await callApi(app.url, null, 'GET', '/api/jobs')).status).toBe(401)
  expect((await asSystem('select from audit_log')).length).toBe(before)
})

test('SEC-30: an export is written down before its first byte', async () => {
  const answer = await ada.call('GET', '/api/export/posts.csv?platform=twitter')
  expect(answer.status).toBe(200)
  const [row] = await written('export.taken')
  expect(row).toMatchObject({
    workspace_id: workspaceId,
    outcome: 'success',
    details: { format: 'csv', platform: 'twitter', source: null },
  })
})

test('SEC-30: each change of a job and of a source leaves one row; changing nothing leaves none', async () => {
  await become('editor')
  await ada.call('PATCH', `/api/jobs/${jobId}`, { intervalMinutes: 60 })
  for (const what of ['pause', 'pause', 'resume', 'resume', 'run']) {
    expect((await ada.call('POST', `/api/jobs/${jobId}/${what}`)).status).toBe(200)
  }
  expect((await ada.call('DELETE', `/api/jobs/${jobId}`)).status).toBe(204)
  const made = await ada.call('POST', '/api/jobs', { sourceId, intervalMinutes: 60 })
  expect(made.status).toBe(201)
  expect((await ada.call('POST', '/api/jobs', { sourceId, intervalMinutes: 60 })).status).toBe(409)
  expect((await ada.call('DELETE', `/api/sources/${sourceId}`)).status).toBe(204)
  expect((await ada.call('DELETE', `/api/sources/${sourceId}`)).status).toBe(404)
  const rows = await asSystem<{ action: string; object_id: string }>(
    `select action, object_id from audit_log where object_kind in ('job', 'source') order by id`,
  )
  const { id } = made.body as { id: string }
  expect(rows.map(({ action, object_id }) => [action, object_id])).toEqual([
    ['job.updated', jobId],
    ['job.paused', jobId],
    ['job.resumed', jobId],
    ['job.run', jobId],
    ['job.deleted', jobId],
    ['job.created', id],
    ['source.deleted', sourceId],
  ])
})
