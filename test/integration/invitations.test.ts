import { hasOpenInvitation, mintInvitationToken } from '../../src/features/workspaces/index.ts'
import {
  type Answer,
  callApi,
  openTestAccount,
  startTestApp,
  type TestApp,
} from '../support/app.ts'
import { asOwner } from '../support/servers.ts'
import {
  addMember,
  contextFor,
  linkTokenOf,
  newPerson,
  openTeam,
  type Person,
  rowsIn,
  signedInAgain,
} from '../support/team.ts'

const start = new Date('2026-11-20T12:00:00Z')
const day = 86_400_000
let now = start
let app: TestApp
let owner: Person
let team: string
beforeAll(async () => {
  const clock = { now: () => new Date(now) }
  app = await startTestApp({ clock })
  owner = await newPerson(app)
})
beforeEach(async () => {
  now = start
  owner = await signedInAgain(app, owner)
  team = await openTeam(owner)
})
afterAll(() => app?.close())

async function later(ms: number): Promise<void> {
  now = new Date(start.getTime() + ms)
  owner = await signedInAgain(app, owner)
}
const pathOf = (rest = '') => `/api/workspaces/${team}/invitations${rest}`
const invite = (email: string, role = 'editor') => owner.call('POST', pathOf(), { email, role })
const invited = async (email: string, role = 'editor') => {
  const { status, body } = await invite(email, role)
  expect(status).toBe(201)
  return body as { id: string; expiresAt: string }
}
const accept = (person: Person, token: string) =>
  person.call('POST', '/api/invitations/accept', { token })
const shape = ({ status, body }: { status: number; body: unknown }) => {
  const { requestId, ...rest } = body as { requestId: string }
  return { status, ...rest }
}
const mails = (to: string) =>
  asOwner(app.ownerUrl, async (client) => {
    const { rows } = await client.query(
      'select user_id, template, data from mails where recipient = $1 order by id',
      [to],
    )
    return rows
  })

describe('an invitation', () => {
  test('is written in lower case, mailed, listed, written down, and good for seven days', async () => {
    const answer = await invite(' Guest@Example.ORG ')
    const { id } = answer.body as { id: string }
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id,
        email: 'guest@example.org',
        role: 'editor',
        state: 'open',
        invitedBy: owner.userId,
        createdAt: start.toISOString(),
        expiresAt: new Date(start.getTime() + 7 * day).toISOString(),
      },
    ])
    const listed = await owner.call('GET', pathOf())
    expect(listed.body).toEqual({ items: [answer.body] })
    expect(await mails('guest@example.org')).toEqual([
      {
        user_id: null,
        template: 'invitation',
        data: { invitationId: id, workspaceName: 'Team', inviter: owner.email, role: 'editor' },
      },
    ])
    const audited = await rowsIn(
      app,
      team,
      `select object_id, details, personal ->> 'email' as email from audit_log
        where action = 'member.invited'`,
    )
    expect(audited).toEqual([
      { object_id: id, details: { role: 'editor' }, email: 'guest@example.org' },
    ])
  })

  test('lets whom it was written for in, once', async () => {
    const guest = await newPerson(app)
    const { id } = await invited(guest.email, 'viewer')
    const token = await linkTokenOf(app, id)
    const joined = await accept(guest, token)
    expect([joined.status, joined.body]).toEqual([
      200,
      { id: team, name: 'Team', kind: 'team', role: 'viewer' },
    ])
    expect((await guest.callIn(team, 'GET', '/api/overview')).status).toBe(200)
    expect((await accept(guest, token)).status).toBe(400)
    expect((await owner.call('GET', pathOf())).body).toEqual({ items: [] })
    expect(await mintInvitationToken(contextFor(app), id)).toBe(null)
    const audited = await rowsIn(
      app,
      team,
      "select actor_id, details from audit_log where action = 'member.joined'",
    )
    expect(audited).toEqual([
      { actor_id: guest.userId, details: { role: 'viewer', invitationId: id } },
    ])
  })

  test('SEC-07: is refused alike for a wrong, foreign, old, revoked, used or renewed token', async () => {
    let guest = await newPerson(app)
    let other = await newPerson(app)
    const expired = await linkTokenOf(app, (await invited(guest.email)).id)
    const expiredOther = await linkTokenOf(app, (await invited(other.email)).id)
    await later(7 * day)
    guest = await signedInAgain(app, guest)
    other = await signedInAgain(app, other)
    const answers = [
      await accept(guest, 'nonsense'),
      await accept(guest, 'A'.repeat(43)),
      await accept(guest, expired),
      await accept(guest, expiredOther),
    ]
    const { id } = await invited(guest.email)
    const token = await linkTokenOf(app, id)
    answers.push(await accept(other, token))
    const renewed = await linkTokenOf(app, id)
    answers.push(await accept(guest, token))
    await owner.call('DELETE', pathOf(`/${id}`))
    answers.push(await accept(guest, renewed))
    expect(new Set(answers.map((one) => JSON.stringify(shape(one)))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 400, body: { errors: [{ pointer: '/token' }] } })
    const { rows } = await asOwner(app.ownerUrl, (client) =>
      client.query('select from memberships where workspace_id = $1', [team]),
    )
    expect(rows).toHaveLength(1)
  })

  test('an address that is not proven yet opens nothing', async () => {
    const guest = await newPerson(app)
    const token = await linkTokenOf(app, (await invited(guest.email)).id)
    const verify = (verified: boolean) =>
      asOwner(app.ownerUrl, (client) =>
        client.query('update users set is_verified = $2 where id = $1', [guest.userId, verified]),
      )
    await verify(false)
    const unproven = await accept(guest, token)
    await verify(true)
    expect(shape(unproven)).toEqual(shape(await accept(guest, 'nonsense')))
    expect((await accept(guest, token)).status).toBe(200)
  })

  test('is accepted ten times at once: one joins, one member there is', async () => {
    const guest = await newPerson(app)
    const token = await linkTokenOf(app, (await invited(guest.email)).id)
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(guest, token)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(9)
  })

  test('SEC-08: is kept as a hash of 256 random bits', async () => {
    const { id } = await invited('guest@example.org')
    const token = await linkTokenOf(app, id)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const rows = await rowsIn(app, team, 'select invitations::text as row from invitations')
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})

describe('inviting', () => {
  test('one open invitation an address, and no member', async () => {
    await invited('twice@example.org')
    const twice = await invite('TWICE@example.org')
    const member = await invite(owner.email)
    expect([twice.status, member.status]).toEqual([409, 409])
    expect(JSON.stringify(twice.body)).toMatch(/open invitation/)
    expect(await mails('twice@example.org')).toHaveLength(1)
  })

  test('SEC-07: answers alike for an address with an account and one without', async () => {
    const known = await newPerson(app)
    const answers = [await invite(known.email), await invite('unknown@example.org')]
    const faces = answers.map(({ status, body }) => ({
      status,
      ...(body as object),
      id: '',
      email: '',
    }))
    expect(faces[0]).toEqual(faces[1])
  })

  test('is for owners; to strangers there is no such workspace', async () => {
    const { id } = await invited('guest@example.org')
    const requests = [
      ['GET', pathOf()],
      ['POST', pathOf(), { email: 'more@example.org', role: 'viewer' }],
      ['DELETE', pathOf(`/${id}`)],
      ['POST', pathOf(`/${id}/resend`)],
    ] as const
    for (const [role, status] of [
      ['viewer', 403],
      ['editor', 403],
      [null, 404],
    ] as const) {
      const person = await newPerson(app)
      if (role) await addMember(app, team, person.userId, role)
      for (const [method, path, body] of requests) {
        expect([path, (await person.call(method, path, body)).status]).toEqual([path, status])
      }
    }
  })

  test('at most 100 are open, however many come at once', async () => {
    const answers: Answer[] = []
    for (let at = 0; at < 98; at += 1) answers.push(await invite(`guest-${at}@example.org`))
    const last = await Promise.all(
      Array.from({ length: 6 }, (_, at) => invite(`late-${at}@example.org`)),
    )
    const count = (status: number) =>
      [...answers, ...last].filter((one) => one.status === status).length
    expect([count(201), count(409)]).toEqual([100, 4])
  })

  test('at most 200 go out a day, revoked or not', async () => {
    await rowsIn(
      app,
      team,
      `insert into invitations (workspace_id, email, role, created_at, expires_at, revoked_at)
        select $1, 'guest-' || n || '@example.org', 'viewer', $2, $2, $2
        from generate_series(1, 200) n`,
      [team, start],
    )
    const refused = await invite('one-more@example.org')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3600'])
    await later(day)
    expect((await invite('one-more@example.org')).status).toBe(201)
  })

  test('is sent again after five minutes, with another link for another seven days', async () => {
    let guest = await newPerson(app)
    const { id } = await invited(guest.email)
    const first = await linkTokenOf(app, id)
    const soon = await owner.call('POST', pathOf(`/${id}/resend`))
    expect([soon.status, soon.headers.get('retry-after')]).toEqual([429, '300'])
    await later(6 * day)
    const again = await owner.call('POST', pathOf(`/${id}/resend`))
    expect(again.status).toBe(200)
    expect((again.body as { expiresAt: string }).expiresAt).toBe(
      new Date(start.getTime() + 13 * day).toISOString(),
    )
    expect(await mails(guest.email)).toHaveLength(2)
    const second = await linkTokenOf(app, id)
    await later(12 * day)
    guest = await signedInAgain(app, guest)
    expect((await accept(guest, first)).status).toBe(400)
    expect((await accept(guest, second)).status).toBe(200)
  })

  test('one that has run out makes room for a new one, and is forgotten after a month', async () => {
    await invited('guest@example.org')
    await later(7 * day)
    const listed = await owner.call('GET', pathOf())
    expect(listed.body).toMatchObject({ items: [{ state: 'expired' }] })
    await invited('guest@example.org')
    const count = async () => (await rowsIn(app, team, 'select from invitations')).length
    expect(await count()).toBe(2)
    await later(38 * day)
    await invited('another@example.org')
    // The first is gone; the second ran out 24 days ago.
    expect(await count()).toBe(2)
  })
})

describe('declining', () => {
  test('takes the link alone, and ends it', async () => {
    const { id } = await invited('nobody-here@example.org')
    const token = await linkTokenOf(app, id)
    const decline = () => callApi(app.url, null, 'POST', '/api/invitations/decline', { token })
    expect((await decline()).status).toBe(204)
    expect((await decline()).status).toBe(400)
    expect((await owner.call('GET', pathOf())).body).toEqual({ items: [] })
    const audited = await rowsIn(
      app,
      team,
      "select actor_kind, details from audit_log where action = 'member.invitation_revoked'",
    )
    expect(audited).toEqual([{ actor_kind: 'anonymous', details: { declined: true } }])
  })
})

test('an address waits for its account while an invitation is open', async () => {
  const ctx = contextFor(app)
  const ask = () => hasOpenInvitation(ctx, 'newcomer@example.org')
  expect(await ask()).toBe(false)
  await invited('newcomer@example.org')
  expect(await ask()).toBe(true)
  await later(7 * day)
  expect(await ask()).toBe(false)
})

test('nothing of an invitation is said to a person of the same address elsewhere', async () => {
  const email = 'elsewhere@example.org'
  await invited(email)
  await openTestAccount(app.parts, { email })
  expect(await rowsIn(app, owner.homeId, 'select from invitations')).toEqual([])
})
