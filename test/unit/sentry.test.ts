import { scrubbed } from '../../src/telemetry/scrub.ts'
import { noReports, openErrorReports, withoutSecrets } from '../../src/telemetry/sentry.ts'
import { startSentryServer } from '../support/sentry-server.ts'

const canary = 'canary-0123456789-secret'

test('without a DSN nothing is loaded', async () => {
  const reports = await openErrorReports({ dsn: null, environment: 'test', secrets: [] })
  expect(reports).toBe(noReports)
})

test('SEC-13, SEC-19: an error arrives with its place and none of the planted secrets', async () => {
  const { dsn, received, close } = await startSentryServer()
  const reports = await openErrorReports({ dsn, environment: 'test', secrets: [canary, null] })
  const cause = new Error(`password=${canary}-cause at postgresql://app:hunter22@db/earshot`)
  const error = new Error(`calling with Bearer ${canary} for ada@example.org failed`, { cause })
  reports.report(error, { requestId: 'request-1', userId: '42', route: '/api/jobs/{id}' })
  await reports.close()
  await close()

  const sent = received.join('\n')
  expect(sent).toContain('"request_id":"request-1"')
  expect(sent).toContain('"route":"/api/jobs/{id}"')
  expect(sent).toContain('"user":{"id":"42"}')
  expect(sent).toContain('calling with Bearer')
  for (const secret of [canary, 'hunter22', 'ada@example.org']) expect(sent).not.toContain(secret)
})

test('of a request only method and path stay, of a person the id, of frames no variables', () => {
  const event = withoutSecrets(
    {
      type: undefined,
      request: {
        method: 'POST',
        url: `http://localhost/api/auth/login?token=${canary}`,
        data: { password: canary },
        headers: { authorization: `Bearer ${canary}` },
        cookies: { session: canary },
        query_string: `token=${canary}`,
      },
      user: { id: '42', email: 'ada@example.org', ip_address: '10.0.0.1' },
      extra: { clientSecret: canary, nested: { refresh_token: canary, plain: 'kept' } },
      exception: {
        values: [{ value: 'x', stacktrace: { frames: [{ vars: { password: canary } }] } }],
      },
    },
    [],
  )
  expect(JSON.stringify(event)).not.toContain(canary)
  expect(event.request).toEqual({ method: 'POST', url: 'http://localhost/api/auth/login' })
  expect(event.user).toEqual({ id: '42' })
  expect(event.extra).toMatchObject({ nested: { plain: 'kept' } })
})

test.each([
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'eyJhbGci'],
  ['GET https://api/x?key=AIzaSyA-1234567&part=id', 'AIza'],
  ['{"client_secret":"s3cr3t-value","a":1}', 's3cr3t-value'],
  ["refreshToken: 'abc.def'", 'abc.def'],
  ['$2b$12$CwTycUXWue0Thq9StjUM0uJ8T8Yv1oP1Bz3nC5bMZr8lqk0u9xYyG', 'CwTycUXW'],
])('SEC-19: %s is told by its looks', (text, secret) => {
  expect(scrubbed(text, [])).not.toContain(secret)
})
