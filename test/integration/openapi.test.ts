import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { authenticate } from '../../src/features/accounts/index.ts'
import { createApp } from '../../src/http/app.ts'
import { openApiDocument, openApiText } from '../../src/http/openapi.ts'
import { listen } from '../../src/http/server.ts'
import { routes } from '../../src/routes.ts'
import { startTestApp, type TestApp } from '../support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const get = (path: string) => fetch(`${app.url}${path}`)

test('docs/openapi.json is the document of the routes', async () => {
  const committed = await readFile('docs/openapi.json', 'utf8').catch(() => '')
  if (committed === openApiText(routes)) return
  throw new Error(
    'The API is not the one in docs/openapi.json. If that is meant, write it anew with ' +
      '`npm run earshot -- openapi --write` and commit it with the change.',
  )
})

test('it is served, and each route is in it with its failures', async () => {
  const served = (await (await get('/openapi.json')).json()) as ReturnType<typeof openApiDocument>
  expect(served).toEqual(JSON.parse(JSON.stringify(openApiDocument(routes))))
  expect(served.openapi).toMatch(/^3\.1\./)
  for (const { path, method, access } of routes) {
    const operation = served.paths?.[path]?.[method]
    expect([path, operation?.responses]).toEqual([
      path,
      expect.objectContaining({ default: expect.anything() }),
    ])
    expect([path, operation?.security?.length]).toEqual([path, access === 'public' ? 0 : 1])
  }
  const ids = Object.values(served.paths ?? {}).flatMap((item) =>
    Object.values(item).map((operation) => (operation as { operationId: string }).operationId),
  )
  expect(new Set(ids).size).toBe(routes.length)
})

test('every schema in it compiles', () => {
  const document = JSON.parse(openApiText(routes))
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'earshot', ...document })
  for (const name of Object.keys(document.components.schemas)) {
    expect(() => ajv.compile({ $ref: `earshot#/components/schemas/${name}` })).not.toThrow()
  }
})

test.each([
  ['/docs', ['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js']],
  ['/redoc', ['/redoc/redoc.standalone.js', '/redoc/start.js']],
])('SEC-29: %s stands on files of ours, under a policy without unsafe words', async (path, files) => {
  const page = await get(path)
  expect(page.status).toBe(200)
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch("script-src 'self';")
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  const html = await page.text()
  expect(html).not.toMatch(/https?:\/\//)
  expect(html).not.toMatch(/<script>|onload=/)
  for (const file of files) {
    expect(html).toContain(`"${file}"`)
    const answer = await get(file)
    expect([file, answer.status]).toEqual([file, 200])
    expect(answer.headers.get('content-type')).toMatch(/javascript|css/)
  }
})

test("ReDoc's nonce is another one each time", async () => {
  const nonceOf = async () => / nonce="([^"]+)"/.exec(await (await get('/redoc')).text())?.[1]
  expect(await nonceOf()).toBeTruthy()
  expect(await nonceOf()).not.toBe(await nonceOf())
})

test('the vendored ReDoc is the one that was published', async () => {
  const sum = createHash('sha256').update(await readFile('vendor/redoc/redoc.standalone.js'))
  expect(sum.digest('hex')).toBe('dcaf76612bc4a3fbcc923a8966dee2f6146a5f32e5ce1b6f02dd60cbbf89500b')
})

test('SEC-32: PUBLIC_DOCS=false hides all of it', async () => {
  const { config } = app.parts
  const parts = { ...app.parts, config: { ...config, http: { ...config.http, publicDocs: false } } }
  const express = createApp(parts, routes, authenticate(parts))
  const server = await listen(express, { host: '127.0.0.1', port: 0 })
  for (const path of ['/openapi.json', '/docs', '/redoc', '/docs/start.js']) {
    expect([path, (await fetch(`${server.url}${path}`)).status]).toEqual([path, 404])
  }
  await server.close()
})
