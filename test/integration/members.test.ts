import { startTestApp, type TestApp } from '../support/app.ts'
import { asOwner } from '../support/servers.ts'
import { addMember, newPerson, openTeam, type Person, rowsIn } from '../support/team.ts'

let app: TestApp
let owner: Person
let editor: Person
let viewer: Person
let stranger: Person
let team: string
beforeAll(async () => {
  app = await startTestApp()
  owner = await newPerson(app)
  editor = await newPerson(app)
  viewer = await newPerson(app)
  stranger = await newPerson(app)
})
beforeEach(async () => {
  team = await openTeam(owner)
  await addMember(app, team, editor.userId, 'editor')
  await addMember(app, team, viewer.userId, 'viewer')
})
afterAll(() => app?.close())

const pathOf = (userId = '') => `/api/workspaces/${team}/members${userId && `/${userId}`}`
const rolesIn = async (by: Person) => {
  const { body } = await by.call('GET', pathOf())
  const { items } = body as { items: { userId: string; role: string }[] }
  return Object.fromEntries(items.map(({ userId, role }) => [userId, role]))
}

describe('members', () => {
  test('see each other', async () => {
    const roles = { [owner.userId]: 'owner', [editor.userId]: 'editor', [viewer.userId]: 'viewer' }
    for (const one of [owner, editor, viewer]) expect(await rolesIn(one)).toEqual(roles)
    expect((await stranger.call('GET', pathOf())).status).toBe(404)
  })

  test('a role is changed by an owner alone, and counts from the next request on', async () => {
    for (const one of [editor, viewer]) {
      const answer = await one.call('PATCH', pathOf(viewer.userId), { role: 'owner' })
      expect(answer.status).toBe(403)
    }
    const jobs = () => viewer.callIn(team, 'POST', '/api/jobs', { sourceId: '1' })
    expect((await jobs()).status).toBe(403)
    const changed = await owner.call('PATCH', pathOf(viewer.userId), { role: 'editor' })
    expect([changed.status, changed.body]).toEqual([
      200,
      expect.objectContaining({ userId: viewer.userId, role: 'editor', email: viewer.email }),
    ])
    // They may now; there is no such source.
    expect((await jobs()).status).toBe(404)
    const audited = await rowsIn(
      app,
      team,
      "select actor_id, object_id, details from audit_log where action = 'member.role_changed'",
    )
    expect(audited).toEqual([
      {
        actor_id: owner.userId,
        object_id: viewer.userId,
        details: { from: 'viewer', to: 'editor' },
      },
    ])
  })

  test('the role that somebody has already changes nothing and leaves no trace', async () => {
    expect((await owner.call('PATCH', pathOf(viewer.userId), { role: 'viewer' })).status).toBe(200)
    expect((await owner.call('PATCH', pathOf(owner.userId), { role: 'owner' })).status).toBe(200)
    expect(
      await rowsIn(app, team, "select from audit_log where action = 'member.role_changed'"),
    ).toEqual([])
  })

  test('whoever is no member is not found, be they somebody or nobody', async () => {
    for (const userId of [stranger.userId, '9007199254740993']) {
      for (const [method, body] of [['PATCH', { role: 'viewer' }], ['DELETE']] as const) {
        const answer = await owner.call(method, pathOf(userId), body)
        expect([answer.status, (answer.body as { detail: string }).detail]).toEqual([
          404,
          'Member not found',
        ])
      }
    }
  })

  test('everybody may leave, only an owner takes others out, and it counts at once', async () => {
    expect((await editor.call('DELETE', pathOf(viewer.userId))).status).toBe(403)
    expect((await viewer.call('DELETE', pathOf(viewer.userId))).status).toBe(204)
    expect((await viewer.callIn(team, 'GET', '/api/overview')).status).toBe(404)
    expect((await owner.call('DELETE', pathOf(editor.userId))).status).toBe(204)
    expect((await editor.callIn(team, 'GET', '/api/overview')).status).toBe(404)
    expect(await rolesIn(owner)).toEqual({ [owner.userId]: 'owner' })
    const audited = await rowsIn(
      app,
      team,
      "select object_id, details from audit_log where action = 'member.removed' order by seq",
    )
    expect(audited).toEqual([
      { object_id: viewer.userId, details: { role: 'viewer', left: true } },
      { object_id: editor.userId, details: { role: 'editor', left: false } },
    ])
  })

  test('the API tokens that a member made there end with the membership, also when they return', async () => {
    const tokens = () =>
      asOwner(app.ownerUrl, async (client) => {
        const { rows } = await client.query(
          `select revoked_at is not null as revoked from api_tokens where workspace_id = $1`,
          [team],
        )
        return rows
      })
    await asOwner(app.ownerUrl, (client) =>
      client.query(
        `insert into api_tokens (user_id, workspace_id, name, scopes, token_hash, hint, created_at)
          values ($1, $2, 'script', '{read}', $3, 'abcd', now())`,
        [viewer.userId, team, `hash-${team}`],
      ),
    )
    expect(await tokens()).toEqual([{ revoked: false }])
    await viewer.call('DELETE', pathOf(viewer.userId))
    expect(await tokens()).toEqual([{ revoked: true }])
  })
})

describe('the last owner', () => {
  test('neither leaves nor steps down', async () => {
    const answers = [
      await owner.call('DELETE', pathOf(owner.userId)),
      await owner.call('PATCH', pathOf(owner.userId), { role: 'editor' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([409, 409])
    expect((await rolesIn(owner))[owner.userId]).toBe('owner')
  })

  test('of owners who step down, leave and push each other out at once, one stays', async () => {
    for (let round = 0; round < 10; round += 1) {
      team = await openTeam(owner)
      const owners = [owner, editor, viewer]
      for (const { userId } of [editor, viewer]) await addMember(app, team, userId, 'owner')
      const answers = await Promise.all(
        owners.flatMap((one, at) => {
          const next = owners[(at + 1) % owners.length] ?? one
          return [
            one.call('PATCH', pathOf(one.userId), { role: 'viewer' }),
            one.call('DELETE', pathOf(one.userId)),
            one.call('DELETE', pathOf(next.userId)),
          ]
        }),
      )
      const statuses = answers.map(({ status }) => status)
      expect(statuses.filter((one) => ![200, 204, 403, 404, 409].includes(one))).toEqual([])
      const { rows } = await asOwner(app.ownerUrl, (client) =>
        client.query(
          `select count(*)::int as owners from memberships where workspace_id = $1 and role = 'owner'`,
          [team],
        ),
      )
      expect(rows[0].owners).toBeGreaterThanOrEqual(1)
    }
  })

  test('a personal workspace has its one owner, for good', async () => {
    await addMember(app, owner.homeId, viewer.userId, 'viewer')
    const promoted = await owner.call(
      'PATCH',
      `/api/workspaces/${owner.homeId}/members/${viewer.userId}`,
      { role: 'owner' },
    )
    const invited = await owner.call('POST', `/api/workspaces/${owner.homeId}/invitations`, {
      email: 'second@example.org',
      role: 'owner',
    })
    expect([promoted.status, invited.status]).toEqual([409, 409])
  })
})
