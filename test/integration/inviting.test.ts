import { wordsOf } from '../support/accounts.ts'
import type { Answer } from '../support/app.ts'
import { type Inviting, openInviting } from '../support/inviting.ts'
import {
  addMember,
  linkTokenOf,
  newPerson,
  openTeam,
  rowsIn,
  signedInAgain,
} from '../support/team.ts'

const day = 86_400_000
const hour = 3_600_000
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

  test('SEC-07: at most five an hour reach one address, from whichever workspaces', async () => {
    const known = await newPerson(on.app)
    const refusals = []
    for (const email of [known.email, 'unknown-guest@example.org']) {
      const statuses = []
      for (let at = 0; at < 6; at += 1) {
        await on.startAnew()
        statuses.push((await on.invite(email)).status)
      }
      expect(statuses).toEqual([201, 201, 201, 201, 201, 429])
      const refused = await on.invite(email)
      refusals.push([wordsOf(refused), refused.headers.get('retry-after')])
    }
    expect(refusals[0]?.[1]).toBe('3600')
    expect(refusals[0]).toEqual(refusals[1])
    expect(await on.mailsTo(known.email)).toHaveLength(5)
    await on.later(hour + 1)
    expect((await on.invite(known.email)).status).toBe(201)
  })

  test('to send again, and to take back and invite anew, count like the first time', async () => {
    const email = 'often@example.org'
    let { id } = await on.invited(email)
    const resend = async () => (await on.owner.call('POST', on.pathOf(`/${id}/resend`))).status
    const statuses = []
    for (const minutes of [6, 12, 18]) {
      await on.later(minutes * 60_000)
      statuses.push(await resend())
    }
    await on.owner.call('DELETE', on.pathOf(`/${id}`))
    id = (await on.invited(email)).id
    await on.later(24 * 60_000)
    expect([...statuses, await resend()]).toEqual([200, 200, 200, 429])
    await on.owner.call('DELETE', on.pathOf(`/${id}`))
    expect((await on.invite(email)).status).toBe(429)
    expect(await on.mailsTo(email)).toHaveLength(5)
  })

  test('one person sends at most 200 a day, from however many workspaces', async () => {
    const person = await newPerson(on.app)
    const rule = { name: 'invitations', points: 200, durationS: 86_400 }
    await on.app.parts.limits.limiter(rule).consume(person.userId, 198)
    const statuses = []
    for (let at = 0; at < 3; at += 1) {
      const path = `/api/workspaces/${await openTeam(person)}/invitations`
      const body = { email: `guest-of-many-${at}@example.org`, role: 'viewer' }
      statuses.push((await person.call('POST', path, body)).status)
    }
    expect(statuses).toEqual([201, 201, 429])
    expect((await on.invite('somebody-else@example.org')).status).toBe(201)
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
