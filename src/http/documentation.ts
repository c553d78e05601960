import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RequestHandler, Router } from 'express'
import swaggerFolder from 'swagger-ui-dist/absolute-path.js'
import { openApiDocument } from './openapi.ts'
import type { AnyRoute } from './route.ts'

const packaged = (name: string) => join(swaggerFolder(), name)
const vendored = (path: string) => fileURLToPath(new URL(`../../vendor/${path}`, import.meta.url))

/** Files of the two readers, served from here: nothing is loaded from anywhere else. */
const files: Record<string, string> = {
  '/docs/swagger-ui.css': packaged('swagger-ui.css'),
  '/docs/swagger-ui-bundle.js': packaged('swagger-ui-bundle.js'),
  '/docs/favicon.png': packaged('favicon-32x32.png'),
  '/redoc/redoc.standalone.js': vendored('redoc/redoc.standalone.js'),
}

const scripts: Record<string, string> = {
  '/docs/start.js': `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reader', deepLinking: true,
  validatorUrl: null, persistAuthorization: false, tryItOutEnabled: true })\n`,
  '/redoc/start.js': `const reader = document.getElementById('reader')
Redoc.init('/openapi.json', { nonce: reader.dataset.styles, disableSearch: false,
  hideLoading: true, sanitize: true }, reader)\n`,
}

const page = (title: string, head: string, reader: string, tail: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/docs/favicon.png">
${head}
</head>
<body>
${reader}
${tail}
</body>
</html>
`

const policy = (more: Record<string, string>) =>
  Object.entries({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'font-src': "'self' data:",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    ...more,
  })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ')

const swagger: RequestHandler = (_request, response) => {
  response.setHeader('Content-Security-Policy', policy({}))
  response
    .type('html')
    .send(
      page(
        'Earshot API',
        '<link rel="stylesheet" href="/docs/swagger-ui.css">',
        '<div id="reader"></div>',
        '<script src="/docs/swagger-ui-bundle.js"></script>\n<script src="/docs/start.js"></script>',
      ),
    )
}

/** The style sheet of ReDoc's scroll bar, which it sets before it has read the nonce. */
const scrollBarStyles = "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"

/** ReDoc writes its styles itself: those under this answer's own nonce are allowed, no others. */
const redoc: RequestHandler = (_request, response) => {
  const nonce = randomBytes(16).toString('base64')
  const sources = {
    'style-src': `'self' 'nonce-${nonce}' ${scrollBarStyles}`,
    'worker-src': "'self' blob:",
  }
  response.setHeader('Content-Security-Policy', policy(sources))
  response
    .type('html')
    .send(
      page(
        'Earshot API reference',
        `<style nonce="${nonce}">body { margin: 0 }</style>`,
        `<div id="reader" data-styles="${nonce}"></div>`,
        '<script src="/redoc/redoc.standalone.js"></script>\n<script src="/redoc/start.js"></script>',
      ),
    )
}

/** /openapi.json, Swagger UI at /docs and ReDoc at /redoc. */
export function documentation(routes: readonly AnyRoute[]): Router {
  const router = Router()
  const document = JSON.stringify(openApiDocument(routes))
  router.get('/openapi.json', (_request, response) => void response.type('json').send(document))
  router.get('/docs', swagger)
  router.get('/redoc', redoc)
  for (const [path, script] of Object.entries(scripts)) {
    router.get(path, (_request, response) => void response.type('js').send(script))
  }
  for (const [path, file] of Object.entries(files)) {
    router.get(path, (_request, response) => {
      response.sendFile(file, { maxAge: '1d', dotfiles: 'allow' })
    })
  }
  return router
}
