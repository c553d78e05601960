import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { verifyAudit } from '../../src/audit/verify.service.ts'
import { workspaceKeys } from '../../src/cache/workspace-keys.ts'
import { contextOf } from '../../src/compose.ts'
import { commandOrigin } from '../../src/core/origin.ts'
import { auditOf } from '../support/accounts.ts'
import { callApi, password, startTestApp, type TestApp } from '../support/app.ts'
import { findCanaries } from '../support/canaries.ts'
import { dumpDatabase, dumpRedis } from '../support/dumps.ts'
import { openLeaver, openNeighbours, rowsOfWorkspace } from '../support/farewell.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { mailRows } from '../support/mails.ts'
import { openTestRedis, queueStores, type TestRedis } from '../support/redis.ts'
import { asOwner } from '../support/servers.ts'
import { addMember, newPerson, openTeam } from '../support/team.ts'

const path = '/api/users/me/deletion'
const proof = { currentPassword: password }

describe.each(queueStores())('deleting an account, queues on %s', (store) => {
  let redis: TestRedis | null
  let app: TestApp
  let mailbox: Mailbox

  beforeAll(async () => {
    redis = store === 'redis' ? await openTestRedis() : null
    app = await startTestApp({
      variables: { TRUST_PROXY: '127.0.0.1', ...(redis && { REDIS_URL: redis.url }) },
    })
    mailbox = openMailbox(app)
  })
  afterAll(async () => {
    await app.close()
    await redis?.close()
  })

  /** What Redis keeps of a workspace. */
  const keysOf = async (workspaceId: string) =>
    (await redis?.client.keys(`*{${workspaceId}}*`)) ?? []

  const places = async () => [
    ...(await dumpDatabase(app.ownerUrl)),
    ...(redis ? await dumpRedis(redis.client) : []),
  ]

  test('SEC-03: nothing of the person is left in any column of any table, nor in a queue', async () => {
    const leaver = await openLeaver(app, mailbox)
    const { owner, team } = await openNeighbours(app, leaver)
    const before = await places()
    if (redis) expect(await keysOf(leaver.homeId)).not.toEqual([])
    // Each of them is somewhere, so the search is one that finds.
    const seen = leaver.canaries.filter((canary) => findCanaries(before, [canary]).length > 0)
    expect(seen).toEqual(leaver.canaries)
    const foreign = await rowsOfWorkspace(app, owner.homeId)
    const shared = await rowsOfWorkspace(app, team)
    await leaver.collected.close()

    expect((await leaver.call('POST', path, proof)).status).toBe(204)
    const named = (await mailRows(app.ownerUrl)).filter((row) =>
      JSON.stringify(row).includes(leaver.email),
    )
    expect(named.map(({ template }) => template)).toEqual(['account_deleted'])
    await mailbox.deliver()

    expect(findCanaries(await places(), leaver.canaries)).toEqual([])
    expect(await keysOf(leaver.homeId)).toEqual([])
    expect(await rowsOfWorkspace(app, owner.homeId)).toEqual(foreign)
    const { memberships: membersAfter, ...sharedAfter } = await rowsOfWorkspace(app, team)
    const { memberships: membersBefore, ...sharedBefore } = shared
    expect(sharedAfter).toEqual(sharedBefore)
    expect(membersAfter).toHaveLength((membersBefore?.length ?? 0) - 1)

    const [last] = await mailbox.mailsTo(leaver.email)
    expect(last?.subject).toBe('Your Earshot account was deleted')
    expect((await leaver.call('GET', '/api/auth/me')).status).toBe(401)
    const login = { email: leaver.email, password }
    expect((await callApi(app.url, null, 'POST', '/api/auth/login', login)).status).toBe(401)
  })

  // Without Redis there is nothing of the kind: no test, and none that was skipped.
  const onRedis = store === 'redis' ? test : () => {}
  onRedis('SEC-03: a deleted team takes its counts in Redis along, and no other', async () => {
    if (!redis) return
    const person = await newPerson(app)
    const team = await openTeam(person, 'Short')
    const kept = await openTeam(person, 'Long')
    for (const id of [team, kept]) {
      await redis.client.set(`${workspaceKeys('tags', id)}version`, 'a')
      await redis.client.set(`${workspaceKeys('another', id)}x`, 'a')
    }
    const removal = { name: 'Short' }
    const removed = await person.callIn(team, 'POST', `/api/workspaces/${team}/deletion`, removal)
    expect(removed.status).toBe(204)
    expect(await keysOf(team)).toEqual([])
    expect(await keysOf(kept)).toHaveLength(2)
  })

  test('SEC-30: the audit log says that it happened, forgets by whom, and still holds', async () => {
    const person = await newPerson(app)
    expect((await person.call('POST', path, proof)).status).toBe(204)
    const deletions = await auditOf(app, 'account.deleted')
    const row = deletions.find(({ object_id }) => object_id === person.userId)
    expect(row).toMatchObject({ outcome: 'success', workspace_id: null, actor_id: person.userId })
    expect(row?.personal).toEqual({ ip: null, userAgent: null })
    const { database, keyring } = app.parts
    const ctx = contextOf(app.parts, new AbortController().signal, commandOrigin('test'))
    expect(database).toBeDefined()
    expect(await verifyAudit({ em: ctx.em, keyring })).toMatchObject({ ok: true, faults: [] })
  })

  test('the last mail waits for its server, and takes the address with it when it goes', async () => {
    const person = await newPerson(app)
    await person.call('POST', path, proof)
    const waiting = (await mailRows(app.ownerUrl)).filter(
      ({ recipient }) => recipient === person.email,
    )
    expect(waiting.map(({ template }) => template)).toEqual(['account_deleted'])
    await mailbox.send()
    expect(
      (await mailRows(app.ownerUrl)).filter(({ recipient }) => recipient === person.email),
    ).toEqual([])
  })

  test('a wrong password deletes nothing', async () => {
    const person = await newPerson(app)
    const refused = await person.call('POST', path, { currentPassword: 'not-the-Password-1' })
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({ errors: [{ pointer: '/currentPassword' }] })
    expect((await person.call('GET', '/api/auth/me')).status).toBe(200)
  })

  test('the only owner of a team in which others work stays, and with them everything', async () => {
    const [owner, member] = [await newPerson(app), await newPerson(app)]
    const team = await openTeam(owner, 'Kept')
    await addMember(app, team, member.userId, 'editor')
    const before = await rowsOfWorkspace(app, owner.homeId)
    const refused = await owner.call('POST', path, proof)
    expect(refused.status).toBe(409)
    expect((refused.body as { detail: string }).detail).toContain("'Kept'")
    expect(await rowsOfWorkspace(app, owner.homeId)).toEqual(before)
    const makeOwner = { role: 'owner' }
    await owner.callIn(team, 'PATCH', `/api/workspaces/${team}/members/${member.userId}`, makeOwner)
    expect((await owner.call('POST', path, proof)).status).toBe(204)
    expect((await member.callIn(team, 'GET', `/api/workspaces/${team}`)).status).toBe(200)
  })

  test('two owners who go at the same time do not leave the others without one', async () => {
    const people = [await newPerson(app), await newPerson(app), await newPerson(app)] as const
    const [one, two, third] = people
    const team = await openTeam(one, 'Two owners')
    await addMember(app, team, two.userId, 'owner')
    await addMember(app, team, third.userId, 'viewer')
    const answers = await Promise.all([one, two].map((owner) => owner.call('POST', path, proof)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409])
    const owners = await asOwner(app.ownerUrl, (client) =>
      client.query(`select from memberships where workspace_id = $1 and role = 'owner'`, [team]),
    )
    expect(owners.rowCount).toBe(1)
  })

  test('asked for twice at once, it happens once', async () => {
    const person = await newPerson(app)
    const answers = await Promise.all([1, 2, 3].map(() => person.call('POST', path, proof)))
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses[0]).toBe(204)
    expect(statuses.slice(1).every((status) => status === 401 || status === 400)).toBe(true)
    const rows = await auditOf(app, 'account.deleted')
    expect(rows.filter(({ object_id }) => object_id === person.userId)).toHaveLength(1)
  })
})
