import fc from 'fast-check'
import { startTestApp, type TestApp } from '../support/app.ts'
import { addMember, callWith, newPerson, openTeam, type Person } from '../support/team.ts'
import {
  leaksIn,
  type Question,
  questions,
  readRoutes,
  targetOf,
} from '../support/tenancy/questions.ts'
import {
  type Belongings,
  belongings,
  fill,
  type Secret,
  spreadIds,
} from '../support/tenancy/twins.ts'

const rounds = 12
const asked = 150
const atOnce = 15
/** Printed; handed in again by SEED it repeats the worlds and the questions. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)

type Side = 'ada' | 'grace'
type Asker = Side | 'both as ada' | 'both as grace'

let app: TestApp
let people: Record<Asker, Person>
beforeAll(async () => {
  app = await startTestApp()
  await spreadIds(app)
  // A member of both, who switches with X-Workspace.
  const both = await newPerson(app)
  people = {
    ada: await newPerson(app),
    grace: await newPerson(app),
    'both as ada': both,
    'both as grace': both,
  }
})
afterAll(() => app?.close())

const scenarios = fc.record({
  ada: belongings,
  grace: belongings,
  requests: fc.array(
    fc.tuple(fc.constantFrom<Asker>('ada', 'grace', 'both as ada', 'both as grace'), questions),
    { minLength: asked, maxLength: asked },
  ),
})

async function openTwin(person: Person, all: Belongings): Promise<Secret> {
  const workspaceId = await openTeam(person, 'The same name')
  await addMember(app, workspaceId, people['both as ada'].userId, 'owner')
  return fill(app, workspaceId, all)
}

type Twins = Record<Side, Secret>
/** Routes that answered, and those in whose answers a mark of one's own stood. */
const answered = new Set<string>()
const marked = new Set<string>()

/** The audit log says what somebody asked for: an id that was typed is told back, and nothing of it. */
const typed = new Set<string>()
const isNews = (found: string) => !typed.has(found)

/** One read, as one of the two sides; throws when anything of the other side comes back. */
async function look(twins: Twins, cursors: string[], [who, question]: [Asker, Question]) {
  const side: Side = who.endsWith('ada') ? 'ada' : 'grace'
  const sides = { mine: twins[side], theirs: twins[side === 'ada' ? 'grace' : 'ada'] }
  const target = targetOf(question, { sides, cursors })
  // These say again what was typed.
  if (/^\/api\/export|\{category\}/.test(question.route.path)) {
    for (const id of target.match(/\d{10,}/g) ?? []) typed.add(id)
  }
  const headers = {
    authorization: `Bearer ${people[who].token}`,
    'x-workspace': sides.mine.workspaceId,
  }
  const { status, body } = await callWith(app.url, headers, ['GET', target])
  // The path that was asked for is no answer.
  const text = JSON.stringify(body, (key, value) => (key === 'instance' ? undefined : value))
  const { nextCursor } = Object(body) as { nextCursor?: string | null }
  if (nextCursor) cursors.push(nextCursor)
  if (status === 200) answered.add(question.route.path)
  if (text.includes(sides.mine.mark)) marked.add(question.route.path)
  if (status >= 500) throw new Error(`${target} answered ${status} ${text}`)
  const leaks = isOverAll(who, question) ? [] : leaksIn(text, sides.theirs).filter(isNews)
  if (leaks.length > 0) throw new Error(`${who} saw ${leaks.join(', ')} at ${target}`)
}

/** A member of both reads the names of both in their list, and what they did themselves in both. */
const isOverAll = (who: Asker, { route }: Question) =>
  who.startsWith('both') && /^\/api\/(workspaces|users\/me)/.test(route.path)

/** What must show a workspace its own texts, or this test would look at nothing. */
const withTexts = [
  '/api/profiles',
  '/api/profiles/{id}',
  '/api/sources',
  '/api/sources/{id}',
  '/api/jobs',
  '/api/jobs/{id}/executions',
  '/api/posts',
  '/api/posts/{id}',
  '/api/coverage',
  '/api/export/posts.csv',
  '/api/workspaces/{id}/invitations',
]

describe('SEC-12: two workspaces with the same names, ids at their platforms, and texts', () => {
  test('no read of one ever holds an id or a text of the other, whoever asks, switches or interleaves', async () => {
    const property = fc.asyncProperty(scenarios, async ({ requests, ...given }) => {
      const twins = {
        ada: await openTwin(people.ada, given.ada),
        grace: await openTwin(people.grace, given.grace),
      }
      const cursors: string[] = []
      for (let at = 0; at < requests.length; at += atOnce) {
        const some = requests.slice(at, at + atOnce)
        await Promise.all(some.map((one) => look(twins, cursors, one)))
      }
    })
    await fc.assert(property, { numRuns: rounds, seed, endOnFailure: true })
    process.stdout.write(
      `seed ${seed}: ${rounds * asked} reads, ${answered.size} of ${readRoutes.length} routes ` +
        `answered, ${marked.size} with texts of one's own\n`,
    )
    // The marks are really there to be found, and few routes are left unanswered.
    expect(withTexts.filter((path) => !marked.has(path))).toEqual([])
    expect(answered.size).toBeGreaterThan(readRoutes.length * 0.8)
  }, 180_000)
})
