import type { Answer } from '../support/app.ts'
import { type Inviting, openInviting } from '../support/inviting.ts'
import { addMember, linkTokenOf, newPerson, rowsIn, signedInAgain } from '../support/team.ts'

const day = 86_400_000
let on: Inviting
beforeAll(async () => {
  on = await openInviting()
})
beforeEach(() => on.startAnew())
afterAll(() => on?.app.close())

describe('inviting', () => {
  test('one open invitation an address, and no member', async () => {
    await on.invited('twice@example.org')
    const twice = await on.invite('TWICE@example.org')
    const member = await on.invite(on.owner.email)
    expect([twice.status, member.status]).toEqual([409, 409])
    expect(JSON.stringify(twice.body)).toMatch(/open invitation/)
    expect(await on.mailsTo('twice@example.org')).toHaveLength(1)
  })

  test('SEC-07: answers alike for an address with an account and one without', async () => {
    const known = await newPerson(on.app)
    const answers = [await on.invite(known.email), await on.invite('unknown@example.org')]
    const faces = answers.map(({ status, body }) => ({
      status,
      ...(body as object),
      id: '',
      email: '',
    }))
    expect(faces[0]).toEqual(faces[1])
  })

  test('is for owners; to strangers there is no such workspace', async () => {
    const { id } = await on.invited('guest@example.org')
    const requests = [
      ['GET', on.pathOf()],
      ['POST', on.pathOf(), { email: 'more@example.org', role: 'viewer' }],
      ['DELETE', on.pathOf(`/${id}`)],
      ['POST', on.pathOf(`/${id}/resend`)],
    ] as const
    for (const [role, status] of [
      ['viewer', 403],
      ['editor', 403],
      [null, 404],
    ] as const) {
      const person = await newPerson(on.app)
      if (role) await addMember(on.app, on.team, person.userId, role)
      for (const [method, path, body] of requests) {
        expect([path, (await person.call(method, path, body)).status]).toEqual([path, status])
      }
    }
  })

  test('at most 100 are open, however many come at once', async () => {
    const answers: Answer[] = []
    for (let at = 0; at < 98; at += 1) answers.push(await on.invite(`guest-${at}@example.org`))
    const last = await Promise.all(
      Array.from({ length: 6 }, (_, at) => on.invite(`late-${at}@example.org`)),
    )
    const count = (status: number) =>
      [...answers, ...last].filter((one) => one.status === status).length
    expect([count(201), count(409)]).toEqual([100, 4])
  })

  test('at most 200 go out a day, revoked or not', async () => {
    await rowsIn(
      on.app,
      on.team,
      `insert into invitations (workspace_id, email, role, created_at, expires_at, revoked_at)
        select $1, 'guest-' || n || '@example.org', 'viewer', $2, $2, $2
        from generate_series(1, 200) n`,
      [on.team, on.start],
    )
    const refused = await on.invite('one-more@example.org')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3600'])
    await on.later(day)
    expect((await on.invite('one-more@example.org')).status).toBe(201)
  })

  test('is sent again after five minutes, with another link for another seven days', async () => {
    let guest = await newPerson(on.app)
    const { id } = await on.invited(guest.email)
    const first = await linkTokenOf(on.app, id)
    const soon = await on.owner.call('POST', on.pathOf(`/${id}/resend`))
    expect([soon.status, soon.headers.get('retry-after')]).toEqual([429, '300'])
    await on.later(6 * day)
    const again = await on.owner.call('POST', on.pathOf(`/${id}/resend`))
    expect(again.status).toBe(200)
    expect((again.body as { expiresAt: string }).expiresAt).toBe(
      new Date(on.start.getTime() + 13 * day).toISOString(),
    )
    expect(await on.mailsTo(guest.email)).toHaveLength(2)
    const second = await linkTokenOf(on.app, id)
    await on.later(12 * day)
    guest = await signedInAgain(on.app, guest)
    expect((await on.accept(guest, first)).status).toBe(400)
    expect((await on.accept(guest, second)).status).toBe(200)
  })

  test('one that has run out makes room for a new one, and is forgotten after a month', async () => {
    await on.invited('guest@example.org')
    await on.later(7 * day)
    const listed = await on.owner.call('GET', on.pathOf())
    expect(listed.body).toMatchObject({ items: [{ state: 'expired' }] })
    await on.invited('guest@example.org')
    const count = async () => (await rowsIn(on.app, on.team, 'select from invitations')).length
    expect(await count()).toBe(2)
    await on.later(38 * day)
    await on.invited('another@example.org')
    // The first is gone; the second ran out 24 days ago.
    expect(await count()).toBe(2)
  })
})
