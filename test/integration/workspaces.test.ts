import { startTestApp, type TestApp } from '../support/app.ts'
import { asOwner } from '../support/servers.ts'
import { addMember, newPerson, openTeam, type Person, rowsIn } from '../support/team.ts'

let app: TestApp
let owner: Person
let stranger: Person
beforeAll(async () => {
  app = await startTestApp()
  owner = await newPerson(app)
  stranger = await newPerson(app)
})
afterAll(() => app?.close())

const actionsIn = async (workspaceId: string) =>
  (
    await rowsIn<{ action: string }>(app, workspaceId, 'select action from audit_log order by seq')
  ).map(({ action }) => action)

describe('a workspace', () => {
  test('is opened by its owner, listed after their own, renamed, and written down', async () => {
    const id = await openTeam(owner, '  Radio  ')
    const listed = await owner.call('GET', '/api/workspaces')
    expect((listed.body as { items: object[] }).items).toEqual([
      expect.objectContaining({ id: owner.homeId, kind: 'personal', role: 'owner' }),
      { id, name: 'Radio', kind: 'team', role: 'owner' },
    ])
    const renamed = await owner.call('PATCH', `/api/workspaces/${id}`, { name: 'Television' })
    expect([renamed.status, renamed.body]).toEqual([
      200,
      { id, name: 'Television', kind: 'team', role: 'owner' },
    ])
    expect(await actionsIn(id)).toEqual(['workspace.created', 'workspace.updated'])
  })

  test.each([
    ['', 'nothing'],
    ['   ', 'spaces'],
    ['a'.repeat(101), '101 letters'],
    ['two\nlines', 'two lines'],
    ['Win! https://evil.example', 'a link, which would stand in mails'],
    ['Win! www.evil.example', 'a link without a scheme'],
  ])('has a name, not %j (%s)', async (name) => {
    const answer = await owner.call('POST', '/api/workspaces', { name })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/name' }] })
  })

  test('is not there for a stranger: the same answer as for one that is not', async () => {
    const id = await openTeam(owner)
    const answers = []
    for (const one of [id, '9007199254740993']) {
      const { status, body } = await stranger.call('GET', `/api/workspaces/${one}`)
      answers.push([status, (body as { detail: string }).detail])
    }
    expect(answers).toEqual([
      [404, 'Workspace not found'],
      [404, 'Workspace not found'],
    ])
  })

  test('a person owns at most 50 teams, however many are opened at once', async () => {
    const keen = await newPerson(app)
    const answers = await Promise.all(
      Array.from({ length: 55 }, () => keen.call('POST', '/api/workspaces', { name: 'One more' })),
    )
    const made = answers.filter(({ status }) => status === 201)
    const refused = answers.filter(({ status }) => status === 409)
    expect([made.length, refused.length]).toEqual([50, 5])
  })
})

describe('its end', () => {
  const fill = (workspaceId: string) =>
    rowsIn(
      app,
      workspaceId,
      `insert into outbox (workspace_id, topic, payload, created_at)
         values ($1, 'test', '{}', now())`,
      [workspaceId],
    )

  test('takes the name typed again, and an owner', async () => {
    const id = await openTeam(owner, 'Short-lived')
    const editor = await newPerson(app)
    await addMember(app, id, editor.userId, 'editor')
    const path = `/api/workspaces/${id}/deletion`
    const answers = [
      await owner.call('POST', path, { name: 'Another' }),
      await editor.call('POST', path, { name: 'Short-lived' }),
      await stranger.call('POST', path, { name: 'Short-lived' }),
      await owner.call('POST', `/api/workspaces/${owner.homeId}/deletion`, { name: 'x' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 403, 404, 409])
    expect((await owner.call('GET', `/api/workspaces/${id}`)).status).toBe(200)
  })

  test('takes all in it along, and leaves in the system where its audit chain ended', async () => {
    const id = await openTeam(owner, 'Short-lived')
    const editor = await newPerson(app)
    await addMember(app, id, editor.userId, 'editor')
    await fill(id)
    const [head] = await rowsIn<{ seq: string; hash: Buffer }>(
      app,
      id,
      'select seq, hash from audit_heads',
    )
    const gone = await owner.call('POST', `/api/workspaces/${id}/deletion`, { name: 'Short-lived' })
    expect(gone.status).toBe(204)
    expect((await editor.callIn(id, 'GET', '/api/overview')).status).toBe(404)
    expect(await rowsIn(app, id, 'select from outbox')).toEqual([])
    const { rows } = await asOwner(app.ownerUrl, (client) =>
      client.query('select count(*)::int as left from memberships where workspace_id = $1', [id]),
    )
    expect(rows).toEqual([{ left: 0 }])
    const [event] = await asOwner(app.ownerUrl, async (client) => {
      await client.query('begin')
      await client.query('set local role earshot_system')
      return (
        await client.query(
          "select details from audit_log where chain = 0 and action = 'workspace.deleted' and object_id = $1",
          [id],
        )
      ).rows
    })
    expect(event.details).toEqual({
      workspaceId: id,
      auditSeq: head?.seq,
      auditHash: head?.hash.toString('hex'),
    })
  })

  test('comes while others work in it: each of them is answered, and it is gone', async () => {
    const id = await openTeam(owner, 'Busy')
    const people = await Promise.all(Array.from({ length: 4 }, () => newPerson(app)))
    for (const { userId } of people) await addMember(app, id, userId, 'owner')
    const busy = people.flatMap((one, at) => [
      one.call('PATCH', `/api/workspaces/${id}`, { name: 'Busy' }),
      one.call('POST', `/api/workspaces/${id}/invitations`, {
        email: `guest-${at}@example.org`,
        role: 'viewer',
      }),
    ])
    const [gone] = await Promise.all([
      owner.call('POST', `/api/workspaces/${id}/deletion`, { name: 'Busy' }),
      ...busy,
    ])
    expect(gone.status).toBe(204)
    const answers = await Promise.all(busy)
    expect(answers.filter(({ status }) => ![200, 201, 404].includes(status))).toEqual([])
    expect((await owner.call('GET', `/api/workspaces/${id}`)).status).toBe(404)
  })
})
