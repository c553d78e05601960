import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { lookAfterADay, publish } from '../support/measured-world.ts'

let app: TestApp
let person: SignedIn
let mine: Collected
beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => new Date('2026-11-20T12:00:00Z') } })
  person = await app.signIn()
  mine = await collectedBy(app, person)
})
afterAll(async () => {
  await mine?.close()
  await app?.close()
})

type Measured = {
  measurement: { treated: { posts: number }; control: { posts: number } } | null
}

test('a post that is marked as promoted is in the very next answer', async () => {
  const source = await mine.source('twitter', 'ada')
  const ids = await publish(
    mine,
    source,
    Array.from({ length: 20 }, (_, day) => ({
      at: `2026-10-${String(1 + day).padStart(2, '0')}T10:00:00Z`,
      promoted: day < 4,
    })),
  )
  await lookAfterADay(
    mine,
    ids.map((id, place) => ({ id, likes: 10 + place })),
  )
  const made = await person.call('POST', '/api/analytics/experiments', {
    name: 'Promotion',
    hypothesis: 'Promoted posts do better.',
    treatment: { kind: 'promotion' },
    startsAt: '2026-10-01T00:00:00Z',
    endsAt: '2026-11-01T00:00:00Z',
  })
  const { id } = made.body as { id: string }
  const read = async () => {
    const { measurement } = (await person.call('GET', `/api/analytics/experiments/${id}`))
      .body as Measured
    return [measurement?.treated.posts, measurement?.control.posts]
  }
  expect(await read()).toEqual([4, 16])
  await person.call('PATCH', `/api/posts/${ids.at(-1)}`, { promoted: true })
  expect(await read()).toEqual([5, 15])
  await person.call('PATCH', `/api/posts/${ids[0]}`, { promoted: false })
  expect(await read()).toEqual([4, 16])
})
