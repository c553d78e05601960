import { hasOpenInvitation, mintInvitationToken } from '../../src/features/workspaces/index.ts'
import { callApi, openTestAccount } from '../support/app.ts'
import { type Inviting, openInviting } from '../support/inviting.ts'
import { asOwner } from '../support/servers.ts'
import { contextFor, linkTokenOf, newPerson, rowsIn, signedInAgain } from '../support/team.ts'

const day = 86_400_000
let on: Inviting
beforeAll(async () => {
  on = await openInviting()
})
beforeEach(() => on.startAnew())
afterAll(() => on?.app.close())

const shape = ({ status, body }: { status: number; body: unknown }) => {
  const { requestId, ...rest } = body as { requestId: string }
  return { status, ...rest }
}

describe('an invitation', () => {
  test('is written in lower case, mailed, listed, written down, and good for seven days', async () => {
    const answer = await on.invite(' Guest@Example.ORG ')
    const { id } = answer.body as { id: string }
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id,
        email: 'guest@example.org',
        role: 'editor',
        state: 'open',
        invitedBy: on.owner.userId,
        createdAt: on.start.toISOString(),
        expiresAt: new Date(on.start.getTime() + 7 * day).toISOString(),
      },
    ])
    const listed = await on.owner.call('GET', on.pathOf())
    expect(listed.body).toEqual({ items: [answer.body] })
    expect(await on.mailsTo('guest@example.org')).toEqual([
      {
        user_id: null,
        template: 'invitation',
        data: { invitationId: id, workspaceName: 'Team', inviter: on.owner.email, role: 'editor' },
      },
    ])
    const audited = await rowsIn(
      on.app,
      on.team,
      `select object_id, details, personal ->> 'email' as email from audit_log
        where action = 'member.invited'`,
    )
    expect(audited).toEqual([
      { object_id: id, details: { role: 'editor' }, email: 'guest@example.org' },
    ])
  })

  test('lets whom it was written for in, once', async () => {
    const guest = await newPerson(on.app)
    const { id } = await on.invited(guest.email, 'viewer')
    const token = await linkTokenOf(on.app, id)
    const joined = await on.accept(guest, token)
    expect([joined.status, joined.body]).toEqual([
      200,
      { id: on.team, name: 'Team', kind: 'team', role: 'viewer' },
    ])
    expect((await guest.callIn(on.team, 'GET', '/api/overview')).status).toBe(200)
    expect((await on.accept(guest, token)).status).toBe(400)
    expect((await on.owner.call('GET', on.pathOf())).body).toEqual({ items: [] })
    expect(await mintInvitationToken(contextFor(on.app), id)).toBe(null)
    const audited = await rowsIn(
      on.app,
      on.team,
      "select actor_id, details from audit_log where action = 'member.joined'",
    )
    expect(audited).toEqual([
      { actor_id: guest.userId, details: { role: 'viewer', invitationId: id } },
    ])
  })

  test('SEC-07: is refused alike for a wrong, foreign, old, revoked, used or renewed token', async () => {
    let guest = await newPerson(on.app)
    let other = await newPerson(on.app)
    const expired = await linkTokenOf(on.app, (await on.invited(guest.email)).id)
    const expiredOther = await linkTokenOf(on.app, (await on.invited(other.email)).id)
    await on.later(7 * day)
    guest = await signedInAgain(on.app, guest)
    other = await signedInAgain(on.app, other)
    const answers = [
      await on.accept(guest, 'nonsense'),
      await on.accept(guest, 'A'.repeat(43)),
      await on.accept(guest, expired),
      await on.accept(guest, expiredOther),
    ]
    const { id } = await on.invited(guest.email)
    const token = await linkTokenOf(on.app, id)
    answers.push(await on.accept(other, token))
    const renewed = await linkTokenOf(on.app, id)
    answers.push(await on.accept(guest, token))
    await on.owner.call('DELETE', on.pathOf(`/${id}`))
    answers.push(await on.accept(guest, renewed))
    expect(new Set(answers.map((one) => JSON.stringify(shape(one)))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 400, body: { errors: [{ pointer: '/token' }] } })
    const { rows } = await asOwner(on.app.ownerUrl, (client) =>
      client.query('select from memberships where workspace_id = $1', [on.team]),
    )
    expect(rows).toHaveLength(1)
  })

  test('an address that is not proven yet opens nothing', async () => {
    const guest = await newPerson(on.app)
    const token = await linkTokenOf(on.app, (await on.invited(guest.email)).id)
    const verify = (verified: boolean) =>
      asOwner(on.app.ownerUrl, (client) =>
        client.query('update users set is_verified = $2 where id = $1', [guest.userId, verified]),
      )
    await verify(false)
    const unproven = await on.accept(guest, token)
    await verify(true)
    expect(shape(unproven)).toEqual(shape(await on.accept(guest, 'nonsense')))
    expect((await on.accept(guest, token)).status).toBe(200)
  })

  test('is accepted ten times at once: one joins, one member there is', async () => {
    const guest = await newPerson(on.app)
    const token = await linkTokenOf(on.app, (await on.invited(guest.email)).id)
    const answers = await Promise.all(Array.from({ length: 10 }, () => on.accept(guest, token)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(9)
  })

  test('SEC-08: is kept as a hash of 256 random bits', async () => {
    const { id } = await on.invited('guest@example.org')
    const token = await linkTokenOf(on.app, id)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const rows = await rowsIn(on.app, on.team, 'select invitations::text as row from invitations')
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})

describe('declining', () => {
  test('takes the link alone, and ends it', async () => {
    const { id } = await on.invited('nobody-here@example.org')
    const token = await linkTokenOf(on.app, id)
    const decline = () => callApi(on.app.url, null, 'POST', '/api/invitations/decline', { token })
    expect((await decline()).status).toBe(204)
    expect((await decline()).status).toBe(400)
    expect((await on.owner.call('GET', on.pathOf())).body).toEqual({ items: [] })
    const audited = await rowsIn(
      on.app,
      on.team,
      "select actor_kind, details from audit_log where action = 'member.invitation_revoked'",
    )
    expect(audited).toEqual([{ actor_kind: 'anonymous', details: { declined: true } }])
  })
})

test('an address waits for its account while an invitation is open', async () => {
  const ctx = contextFor(on.app)
  const ask = () => hasOpenInvitation(ctx, 'newcomer@example.org')
  expect(await ask()).toBe(false)
  await on.invited('newcomer@example.org')
  expect(await ask()).toBe(true)
  await on.later(7 * day)
  expect(await ask()).toBe(false)
})

test('nothing of an invitation is said to a person of the same address elsewhere', async () => {
  const email = 'elsewhere@example.org'
  await on.invited(email)
  await openTestAccount(on.app.parts, { email })
  expect(await rowsIn(on.app, on.owner.homeId, 'select from invitations')).toEqual([])
})
