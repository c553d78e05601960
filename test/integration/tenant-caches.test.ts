import { startTestApp, type TestApp } from '../support/app.ts'
import { addMember, callWith, newPerson, openTeam, type Person } from '../support/team.ts'
import { leaksIn } from '../support/tenancy/questions.ts'
import { fill, type Secret, spreadIds } from '../support/tenancy/twins.ts'

/** What holds texts of a workspace. */
const urls = [
  '/api/profiles',
  '/api/sources',
  '/api/posts',
  '/api/posts?text=hello',
  '/api/twitter/tweets',
  '/api/coverage',
  '/api/export/posts.json',
  '/api/export/posts.csv',
  // Answers that are kept: cached-answers.test.ts asks all of them.
  '/api/analytics/engagement/top',
  '/api/analytics/sentiment/posts?side=positive',
]
const some = [
  {
    platform: 'twitter' as const,
    handle: 'ada',
    posts: [
      { externalId: '1', text: 'hello world', tag: 'launch', author: 'eve', hoursAgo: 3 },
      { externalId: '2', text: 'hello again', tag: 'launch', author: 'eve', hoursAgo: 5 },
    ],
  },
]

let app: TestApp
let ada: Person
let grace: Person
let both: Person
let hers: Secret
let theirs: Secret
beforeAll(async () => {
  app = await startTestApp()
  await spreadIds(app)
  ada = await newPerson(app)
  grace = await newPerson(app)
  both = await newPerson(app)
  hers = await fill(app, await openTeam(ada), some)
  theirs = await fill(app, await openTeam(grace), some)
  for (const { workspaceId } of [hers, theirs]) {
    await addMember(app, workspaceId, both.userId, 'editor')
  }
})
afterAll(() => app?.close())

const ask = (person: Person, { workspaceId }: Secret, url: string, more = {}) =>
  callWith(
    app.url,
    { authorization: `Bearer ${person.token}`, 'x-workspace': workspaceId, ...more },
    ['GET', url],
  )

/** At most two exports of a workspace run at once: one that is told so has leaked nothing. */
async function look(person: Person, mine: Secret, url: string) {
  const { status, body } = await ask(person, mine, url)
  const text = JSON.stringify(body)
  const other = mine === hers ? theirs : hers
  const isBusy = url.includes('/export/') && (status === 429 || status === 503)
  const sawOwn = isBusy || (status === 200 && text.includes(mine.mark))
  return { url, sawOwn, leaks: leaksIn(text, other) }
}

const clean = (url: string) => ({ url, sawOwn: true, leaks: [] })
const times = 12

describe('SEC-14: at the same address each gets their own answer', () => {
  test('two people, at once', async () => {
    for (const url of urls) {
      const asked = Array.from({ length: times }, () => [
        look(ada, hers, url),
        look(grace, theirs, url),
      ])
      expect(await Promise.all(asked.flat())).toEqual(Array(2 * times).fill(clean(url)))
    }
  })

  test('one person, who switches the workspace from request to request', async () => {
    for (const url of urls) {
      const asked = Array.from({ length: 2 * times }, (_, at) =>
        look(both, at % 2 === 0 ? hers : theirs, url),
      )
      expect(await Promise.all(asked)).toEqual(Array(2 * times).fill(clean(url)))
    }
  })

  test('no cache on the way may keep it, and no ETag of one is good for the other', async () => {
    for (const url of urls) {
      const first = await ask(both, hers, url)
      expect([url, first.headers.get('cache-control')]).toEqual([url, 'no-store'])
      const etag = first.headers.get('etag')
      const second = await ask(both, theirs, url, etag ? { 'if-none-match': etag } : {})
      expect([url, second.status]).toEqual([url, 200])
      expect(JSON.stringify(second.body)).toContain(theirs.mark)
    }
  })
})
