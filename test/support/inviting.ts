import { type Answer, startTestApp, type TestApp } from './app.ts'
import { asOwner } from './servers.ts'
import { newPerson, openTeam, type Person, signedInAgain } from './team.ts'

const start = new Date('2026-11-20T12:00:00Z')

/** An owner who invites people into a team, on a clock that is moved. */
export type Inviting = {
  app: TestApp
  start: Date
  owner: Person
  team: string
  /** Another team, at the first moment. */
  startAnew: () => Promise<void>
  /** So long after the first moment, with a session of that time. Milliseconds. */
  later: (ms: number) => Promise<void>
  pathOf: (rest?: string) => string
  invite: (email: string, role?: string) => Promise<Answer>
  /** The same, and it must be taken. */
  invited: (email: string, role?: string) => Promise<{ id: string; expiresAt: string }>
  accept: (person: Person, token: string) => Promise<Answer>
  mailsTo: (address: string) => Promise<object[]>
}

export async function openInviting(): Promise<Inviting> {
  let now = start
  const app = await startTestApp({ clock: { now: () => new Date(now) } })
  const inviting: Inviting = {
    app,
    start,
    owner: await newPerson(app),
    team: '',
    startAnew: async () => {
      await inviting.later(0)
      inviting.team = await openTeam(inviting.owner)
    },
    later: async (ms) => {
      now = new Date(start.getTime() + ms)
      inviting.owner = await signedInAgain(app, inviting.owner)
    },
    pathOf: (rest = '') => `/api/workspaces/${inviting.team}/invitations${rest}`,
    invite: (email, role = 'editor') =>
      inviting.owner.call('POST', inviting.pathOf(), { email, role }),
    invited: async (email, role) => {
      const { status, body } = await inviting.invite(email, role)
      if (status !== 201) throw new Error(`inviting answered ${status} ${JSON.stringify(body)}`)
      return body as { id: string; expiresAt: string }
    },
    accept: (person, token) => person.call('POST', '/api/invitations/accept', { token }),
    mailsTo: (address) =>
      asOwner(app.ownerUrl, async (client) => {
        const { rows } = await client.query(
          'select user_id, template, data from mails where recipient = $1 order by id',
          [address],
        )
        return rows
      }),
  }
  return inviting
}
