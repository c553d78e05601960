import { startTestApp } from '../support/app.ts'
import { recordLog } from '../support/log-lines.ts'

const production = {
  NODE_ENV: 'production',
  PASSWORD_HASH_COST: '10',
  JWT_SECRET: 'k'.repeat(40),
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
}

/** The warnings of a start that speak of mail. */
async function warningsOf(variables: Record<string, string>): Promise<unknown[]> {
  const { log, lines } = recordLog()
  const app = await startTestApp({ variables, log })
  await app.close()
  const warnings = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'warn')
  return warnings.map(({ message }) => message).filter((said) => said.includes('SMTP_URL'))
}

test('a start in production says that nobody gets a mail, once, and where to read on', async () => {
  expect(await warningsOf(production)).toEqual([expect.stringContaining('docs/production.md')])
})

test('it says nothing where a mail server is named, nor on a desk', async () => {
  expect(await warningsOf({ ...production, SMTP_URL: 'smtp://127.0.0.1:2525' })).toEqual([])
  expect(await warningsOf({})).toEqual([])
})
