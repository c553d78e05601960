import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const answers: Record<string, RequestListener> = {
  '/picture': (_request, response) => {
    response.writeHead(200, { 'content-type': 'image/png' }).end('a picture')
  },
  '/headers': (request, response) => response.end(JSON.stringify(request.headers)),
  '/missing': (_request, response) => response.writeHead(404).end('no'),
  '/gzip': (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)))
  },
  '/brotli': (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync('x'))
  },
  '/said-large': (_request, response) => {
    response.writeHead(200, { 'content-length': '10737418240' }).write('x')
  },
  '/endless': (_request, response) => {
    const chunk = Buffer.alloc(64 * 1024)
    const more = () => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  },
  '/dripping': (_request, response) => {
    const timer = setInterval(() => response.write('x'), 20)
    response.once('close', () => clearInterval(timer))
  },
  '/silent': () => {},
  '/broken': (request) => request.socket.destroy(),
  '/loop': (_request, response) => response.writeHead(302, { location: '/loop' }).end(),
}
const redirects: Record<string, string> = {
  '/to-picture': '/picture',
  '/to-metadata': 'http://169.254.169.254/latest/meta-data/',
  '/to-loopback': 'http://127.0.0.1:22/',
  '/to-ipv6': 'http://[::ffff:169.254.169.254]/',
  '/to-name-inside': 'http://inside.example/',
  '/to-file': 'file:///etc/passwd',
  '/to-gopher': 'gopher://home.example/_x',
  '/to-credentials': 'http://root:root@home.example/picture',
  '/to-nothing': 'http://',
}

export type HostileWeb = { port: number; asked: string[]; close: () => Promise<void> }

/** A web server on this machine whose answers no client likes: one path a kind of mischief. */
export async function openHostileWeb(): Promise<HostileWeb> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const location = redirects[path]
    if (location) response.writeHead(307, { location }).end('x'.repeat(10_000))
    else answers[path]?.(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: async () => {
      const closed = once(server, 'close')
      server.closeAllConnections()
      server.close()
      await closed
    },
  }
}
