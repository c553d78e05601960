import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { callApi, startTestApp, type TestApp } from '../support/app.ts'

let app: TestApp
let closed: TestApp
beforeAll(async () => {
  app = await startTestApp()
  closed = await startTestApp({ variables: { PUBLIC_DOCS: 'false' } })
})
afterAll(async () => {
  await app?.close()
  await closed?.close()
})

test('the first address says what answers and where the rest is', async () => {
  const answer = await callApi(app.url, null, 'GET', '/')
  expect(answer.status).toBe(200)
  const root = answer.body as {
    version: string
    health: string
    documentation: string
    openapi: string
  }
  expect(root).toMatchObject({ name: 'Earshot', version: expect.stringMatching(/^\d+\.\d+\.\d+/) })
  for (const path of [root.health, root.documentation, root.openapi]) {
    expect([path, (await fetch(`${app.url}${path}`)).status]).toEqual([path, 200])
  }
})

test('where the document is not public, neither is the version', async () => {
  const answer = await callApi(closed.url, null, 'GET', '/')
  expect(answer.body).toMatchObject({
    name: 'Earshot',
    version: null,
    documentation: null,
    openapi: null,
  })
})
