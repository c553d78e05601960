import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type EngagedWorld, openEngagedWorld } from '../support/engaged-world.ts'

let world: EngagedWorld
beforeAll(async () => {
  world = await openEngagedWorld('2026-11-20T12:00:00Z')
})
afterAll(() => world?.close())

test('V10: /metrics tells engagement per view by platform alone, over the last day', async () => {
  const source = await world.collected.source('youtube', 'metered')
  await world.posts(source, [
    { at: '2026-11-20T10:00:00Z', views: 100, likes: 10 },
    { at: '2026-11-20T11:00:00Z', views: 1_000, likes: 20, comments: 20 },
    { at: '2026-11-10T11:00:00Z', views: 10, likes: 10 },
  ])
  await world.posts(await world.collected.source('twitter', 'unviewed'), [
    { at: '2026-11-20T10:00:00Z', likes: 5 },
  ])
  await world.fold()
  const text = await (await fetch(`${world.app.url}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith('social_engagement_rate'))
  expect(lines).toEqual(['social_engagement_rate{platform="youtube"} 0.07'])
})
