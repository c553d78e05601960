import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { createLogger } from '../../src/core/logger.ts'
import {
  type GuardedRequest,
  openGuardedClient,
  type RefusalKind,
} from '../../src/outgoing/guarded-client.ts'
import { isPublicAddress } from '../../src/outgoing/public-address.ts'

const log = createLogger({ level: 'silent', name: 'test' })
const home = { address: '127.0.0.1', family: 4 }
const inside = { address: '169.254.169.254', family: 4 }

let asked: string[] = []
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

let port = 0
const servers: Server[] = []
async function listening(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

beforeAll(async () => {
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const location = redirects[path]
    if (location) response.writeHead(307, { location }).end('x'.repeat(10_000))
    else answers[path]?.(request, response)
  })
  port = await listening(server)
})
afterAll(async () => {
  for (const server of servers) {
    const closed = once(server, 'close')
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
    server.close()
    await closed
  }
})
beforeEach(() => {
  asked = []
})

const names: Record<string, { address: string; family: number }[]> = {
  'home.example': [home],
  'inside.example': [inside],
  'both.example': [home, inside],
  'nobody.example': [],
}
/** The test's server stands for the public internet; everything else is judged as in earnest. */
const client = (resolve = async (name: string) => names[name] ?? []) =>
  openGuardedClient({
    log,
    resolve,
    ports: [80, 443, port],
    isAllowed: (address) => address === home.address || isPublicAddress(address),
  })
const at = (path: string) => `http://home.example:${port}${path}`

const kindOf = async (
  url: string,
  request: GuardedRequest = {},
  guarded = client(),
): Promise<RefusalKind> =>
  guarded.get(url, request).then(
    () => Promise.reject(new Error(`${url} was fetched`)),
    (error) => error.kind,
  )

test('fetches what is public, at the address that was checked, under its own name', async () => {
  const answer = await client().get(at('/to-picture'), { accept: ['image/*'] })
  expect(answer).toMatchObject({ status: 200, finalUrl: at('/picture') })
  expect(answer.bytes.toString()).toBe('a picture')
  const told = JSON.parse((await client().get(at('/headers'))).bytes.toString())
  expect(told).toEqual({
    host: `home.example:${port}`,
    'user-agent': 'Earshot',
    accept: '*/*',
    'accept-encoding': 'identity',
    connection: 'close',
  })
  expect((await client().get(at('/missing'))).status).toBe(404)
})

const refusedUrls: [RefusalKind, string[]][] = [
  [
    'scheme',
    [
      'file:///etc/passwd',
      'ftp://example.com/',
      'gopher://127.0.0.1:6379/_INFO',
      'javascript:alert(1)',
      'data:text/plain,x',
      'dict://127.0.0.1:11211/',
      'ldap://127.0.0.1/',
      'jar:http://127.0.0.1!/',
      'ws://127.0.0.1/',
      'unix:/var/run/docker.sock',
      'blob:http://127.0.0.1/x',
      'about:blank',
    ],
  ],
  [
    'not_an_address',
    [
      '',
      'http://',
      '//127.0.0.1/',
      'http:',
      '/etc/passwd',
      'http://[::1',
      'http://[fe80::1%25eth0]/',
      'http://256.256.256.256/',
      'http://1.2.3.4.5/',
      'http://a b/',
      'http://0x100000000/',
      'http://exa%00mple.com/',
      `http://example.com/${'x'.repeat(2_048)}`,
    ],
  ],
  [
    'credentials',
    [
      'http://user@127.0.0.1/',
      'http://user:pass@example.com/',
      'http://example.com@169.254.169.254/',
      'http://:x@example.com/',
      'http://127.0.0.1#@example.com:80@x/'.replace('#', '%23'),
    ],
  ],
  [
    'port',
    [
      'http://example.com:22/',
      'http://example.com:6379/',
      'https://example.com:8443/',
      'http://127.0.0.1:5432/',
      'http://example.com:0/',
      'http://[::1]:25/',
    ],
  ],
  [
    'not_public',
    [
      'http://127.0.0.2/',
      'http://127.1.2.3/',
      'http://0/',
      'http://0.0.0.0/',
      'http://10.0.0.1/',
      'http://192.168.1.1/',
      'http://172.16.0.1/',
      'http://169.254.169.254/latest/meta-data/',
      'http://100.64.0.1/',
      'http://100.100.100.200/',
      'http://168.63.129.16/',
      'http://2130706434/',
      'http://0x7f000002/',
      'http://0x7f.0.0.2/',
      'http://0177.0.0.2/',
      'http://017700000002/',
      'http://127.2/',
      'http://0xa9fea9fe/',
      'http://2852039166/',
      'http://0251.0376.0251.0376/',
      'http://169.254.43518/',
      'http://127.0.0.2./',
      'http://[::]/',
      'http://[::1]/',
      'http://[0:0:0:0:0:0:0:1]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::ffff:7f00:1]/',
      'http://[::ffff:169.254.169.254]/',
      'http://[::127.0.0.1]/',
      'http://[64:ff9b::7f00:1]/',
      'http://[64:ff9b::169.254.169.254]/',
      'http://[2002:7f00:1::]/',
      'http://[2001::1]/',
      'http://[fd00:ec2::254]/',
      'http://[fe80::1]/',
      'http://[fc00::1]/',
      'http://[ff02::1]/',
      'http://[2001:db8::1]/',
      'http://①②⑦.⓪.⓪.②/',
      'http://127。0。0。2/',
      'http://１２７.0.0.2/',
      'HTTP://127.0.0.2',
      'http:\\\\127.0.0.2\\',
      'http:127.0.0.2',
      ' http://127.0.0.2/ ',
      'http://127.0.0.\t2/',
      'http://inside.example/',
      'http://both.example/',
    ],
  ],
  [
    'unknown_host',
    ['http://nobody.example/', 'http://xn--80ak6aa92e.example/', 'http://%6eobody.example/'],
  ],
]
const corpus = refusedUrls.flatMap(([kind, urls]) =>
  urls.map((url): [string, RefusalKind] => [url, kind]),
)

test('the corpus has more than 60 addresses', () => expect(corpus.length).toBeGreaterThan(60))

test.each(corpus)('SEC-23: %j is refused', async (url, kind) => {
  expect(await kindOf(url)).toBe(kind)
  expect(asked).toEqual([])
})

test('SEC-23: the machine’s own names lead nowhere, as the system resolves them', async () => {
  for (const name of ['localhost', 'localhost.', 'LOCALHOST']) {
    const kind = await kindOf(`http://${name}/`, {}, openGuardedClient({ log }))
    expect(['not_public', 'unknown_host']).toContain(kind)
  }
})

test('SEC-23: the allowance of tests is no default', async () => {
  expect(await kindOf(`http://127.0.0.1:${port}/picture`, {}, openGuardedClient({ log }))).toBe(
    'port',
  )
  expect(await kindOf('http://127.0.0.1/picture', {}, openGuardedClient({ log }))).toBe(
    'not_public',
  )
})

test.each([
  ['/to-metadata', 'not_public'],
  ['/to-loopback', 'port'],
  ['/to-ipv6', 'not_public'],
  ['/to-name-inside', 'not_public'],
  ['/to-file', 'scheme'],
  ['/to-gopher', 'scheme'],
  ['/to-credentials', 'credentials'],
  ['/to-nothing', 'not_an_address'],
])('SEC-23: a redirect is checked like the first address: %s', async (path, kind) => {
  expect(await kindOf(at(path))).toBe(kind)
  expect(asked).toEqual([path])
})

test('SEC-23: five redirects are followed, not six', async () => {
  expect(await kindOf(at('/loop'))).toBe('too_many_redirects')
  expect(asked).toHaveLength(6)
})

test('SEC-23: a name that changes its mind is asked once, and connected to as it was checked', async () => {
  let times = 0
  const rebinding = async () => [times++ === 0 ? home : inside]
  const answer = await client(rebinding).get(`http://rebind.example:${port}/picture`)
  expect([answer.status, times]).toEqual([200, 1])
  times = 0
  expect(await kindOf(`http://rebind.example:${port}/to-picture`, {}, client(rebinding))).toBe(
    'not_public',
  )
  expect(asked).toEqual(['/picture', '/to-picture'])
})

test('SEC-23: who was connected to is looked at again', async () => {
  const looks: string[] = []
  const changing = openGuardedClient({
    log,
    resolve: async () => [home],
    ports: [port],
    isAllowed: (address) => looks.push(address) === 1,
  })
  expect(await kindOf(at('/picture'), {}, changing)).toBe('not_public')
  expect([looks, asked]).toEqual([['127.0.0.1', '127.0.0.1'], []])
})

test.each(['/silent', '/dripping'])(
  'SEC-23: nobody is waited for longer than was said: %s',
  async (path) => {
    const started = performance.now()
    expect(await kindOf(at(path), { timeoutMs: 300 })).toBe('too_slow')
    expect(performance.now() - started).toBeLessThan(2_000)
  },
)

test('SEC-23: a server that drips its head, and names that never resolve, are too slow', async () => {
  const tcp = createTcpServer((socket) => {
    socket.on('error', () => {}).write('HTTP/1.1 200 OK\r\n')
    const timer = setInterval(() => socket.write('X-More: 1\r\n'), 20)
    socket.once('close', () => clearInterval(timer))
  })
  const dripPort = await listening(tcp)
  const dripping = openGuardedClient({ log, ports: [dripPort], isAllowed: () => true })
  const url = `http://127.0.0.1:${dripPort}/`
  expect(await kindOf(url, { timeoutMs: 300 }, dripping)).toBe('too_slow')
  const never = client(() => new Promise(() => {}))
  expect(await kindOf(at('/picture'), { timeoutMs: 100 }, never)).toBe('too_slow')
})

test('SEC-23: no more is read than was said: 1 MB, or less', async () => {
  const before = process.memoryUsage.rss()
  expect(await kindOf(at('/said-large'))).toBe('too_large')
  expect(await kindOf(at('/endless'))).toBe('too_large')
  expect(await kindOf(at('/picture'), { maxBytes: 8 })).toBe('too_large')
  expect((await client().get(at('/picture'), { maxBytes: 9 })).bytes).toHaveLength(9)
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024)
})

test('SEC-23: packed answers are not unpacked, and other media types not taken', async () => {
  expect(await kindOf(at('/gzip'))).toBe('media_type')
  expect(await kindOf(at('/brotli'))).toBe('media_type')
  expect(await kindOf(at('/picture'), { accept: ['text/html'] })).toBe('media_type')
  expect(await kindOf(at('/headers'), { accept: ['image/png'] })).toBe('media_type')
})

test('a server that breaks off, or is not there, is unreachable; the caller may stop', async () => {
  expect(await kindOf(at('/broken'))).toBe('unreachable')
  const stop = new AbortController()
  const kind = kindOf(at('/silent'), { signal: stop.signal })
  stop.abort()
  expect(await kind).toBe('stopped')
})

test('SEC-23: TLS is asked for by the name, not by the address, and must prove it', async () => {
  const named = Promise.withResolvers<string>()
  const tls = createTlsServer({
    SNICallback: (name, done) => {
      named.resolve(name)
      done(new Error('none'))
    },
  })
  tls.on('tlsClientError', () => {})
  const tlsPort = await listening(tls)
  const guarded = openGuardedClient({
    log,
    resolve: async () => [home],
    ports: [tlsPort],
    isAllowed: () => true,
  })
  expect(await kindOf(`https://home.example:${tlsPort}/`, {}, guarded)).toBe('unreachable')
  expect(await named.promise).toBe('home.example')
})

test('SEC-23: an inner name and an unknown one read the same', async () => {
  const sentence = (url: string) =>
    client()
      .get(url)
      .catch((error: Error) => error.message)
  expect(await sentence('http://inside.example/')).toBe(await sentence('http://nobody.example/'))
})
