import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startTestApp, type TestApp } from '../support/app.ts'

const pages = ['verify-email', 'reset-password', 'confirm-email', 'accept-invitation']

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const get = async (path: string) => {
  const response = await fetch(`${app.url}${path}`)
  return { response, text: await response.text() }
}

describe.each(pages)('SEC-29: /account/%s', (name) => {
  test('runs nothing but our own files, and tells no other site where it was opened', async () => {
    const { response, text } = await get(`/account/${name}`)
    expect(response.status).toBe(200)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("form-action 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|https?:/)
  })

  test('has all that it asks for, and a label for each field', async () => {
    const { text } = await get(`/account/${name}`)
    const files = [...text.matchAll(/(?:src|href)="(\/account\/assets\/[^"]+)"/g)].map(
      ([, path]) => path,
    )
    expect(files).toHaveLength(2)
    const open = files.map((path) => path ?? '')
    const seen = new Set<string>()
    for (let path = open.pop(); path; path = open.pop()) {
      if (seen.has(path)) continue
      seen.add(path)
      const { response, text: file } = await get(path)
      expect([path, response.status]).toEqual([path, 200])
      for (const [, imported] of file.matchAll(/from '\.\/([^']+)'/g)) {
        open.push(`/account/assets/${imported}`)
      }
    }
    for (const [, id] of text.matchAll(/<input id="([^"]+)"/g)) {
      expect(text).toContain(`<label for="${id}">`)
      expect(text).toContain(`id="${id}-problem"`)
    }
    // A form without its script would put a password into the address.
    for (const [form] of text.matchAll(/<form[^>]*>/g)) expect(form).toContain('method="post"')
  })
})

test('the token leaves the address bar before anything else happens', async () => {
  const { text } = await get('/account/assets/account.js')
  const code = text
    .replace(/\/\*\*[\s\S]*?\*\//g, '')
    .trim()
    .split('\n')
  expect(code[0]).toContain('location.hash')
  expect(code[1]).toContain('history.replaceState')
})

test('what the scripts import is there, by name', async () => {
  const { text: shared } = await get('/account/assets/account.js')
  const exported = new Set(
    [...shared.matchAll(/export (?:async )?(?:const|function) (\w+)/g)].map(([, n]) => n),
  )
  for (const name of [...pages, 'link']) {
    const { text } = await get(`/account/assets/${name}.js`)
    const names = /import \{([^}]+)\} from '\.\/account\.js'/.exec(text)?.[1] ?? ''
    const imported = names
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
    expect([name, imported.filter((one) => !exported.has(one))]).toEqual([name, []])
    const used = [...exported].filter((one) =>
      new RegExp(`\\b${one}\\(`).test(text.replace(/import[\s\S]*?from/, '')),
    )
    expect([name, used.filter((one) => !imported.includes(one ?? ''))]).toEqual([name, []])
  }
})

test('a page links to the documentation only where it is open to everybody', async () => {
  expect((await get('/account/verify-email')).text).toContain('href="/docs"')
  const closed = await startTestApp({ variables: { PUBLIC_DOCS: 'false' } })
  const response = await fetch(`${closed.url}/account/verify-email`)
  expect(await response.text()).not.toContain('/docs')
  await closed.close()
})

test('nothing else is under /account', async () => {
  expect((await get('/account/assets/../account-pages.ts')).response.status).toBe(404)
  expect((await get('/account/assets/%2e%2e/pages.ts')).response.status).toBe(404)
  expect((await get('/account/else')).response.status).toBe(404)
})
