import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Router } from 'express'
import { htmlOf } from './layout.ts'
import { pages } from './pages.ts'

const assets = fileURLToPath(new URL('./assets', import.meta.url))

/** Nothing but our own files, no form that goes anywhere by itself, and nobody's frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * The pages that links in mails open. The token stands behind the '#', which no server is sent: a
 * page's script reads it, takes it out of the address bar and hands it to the API.
 */
export function accountPages({ publicDocs }: { publicDocs: boolean }): Router {
  const router = Router()
  for (const page of pages) {
    const html = htmlOf(page, publicDocs)
    router.get(page.path, (_request, response) => {
      response.set({
        'Content-Security-Policy': policy,
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-store',
      })
      response.type('html').send(html)
    })
  }
  for (const name of readdirSync(assets)) {
    router.get(`/account/assets/${name}`, (_request, response) => {
      // Asked for again each time, and sent again only when it has changed.
      const headers = { 'Cache-Control': 'no-cache' }
      response.sendFile(name, { root: assets, cacheControl: false, headers, dotfiles: 'allow' })
    })
  }
  return router
}
