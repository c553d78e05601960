import { once } from 'node:events'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { createLogger } from '../../src/core/logger.ts'
import {
  type GuardedRequest,
  openGuardedClient,
  type RefusalKind,
} from '../../src/outgoing/guarded-client.ts'
import { isPublicAddress } from '../../src/outgoing/public-address.ts'
import { type HostileWeb, openHostileWeb } from '../support/hostile-web.ts'

const log = createLogger({ level: 'silent', name: 'test' })
const home = { address: '127.0.0.1', family: 4 }
const inside = { address: '169.254.169.254', family: 4 }

let web: HostileWeb
let port = 0
beforeAll(async () => {
  web = await openHostileWeb()
  port = web.port
})
afterAll(() => web.close())
beforeEach(() => void web.asked.splice(0))

async function whileListening(server: Server, work: (port: number) => Promise<void>) {
  const sockets: { destroy: () => void }[] = []
  server.on('connection', (socket) => sockets.push(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await work((server.address() as AddressInfo).port)
  for (const socket of sockets) socket.destroy()
  const closed = once(server, 'close')
  server.close()
  await closed
}

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

test('SEC-23: one address inside spoils a name, whatever else it has', async () => {
  expect(await kindOf(`http://both.example:${port}/picture`)).toBe('not_public')
  expect(web.asked).toEqual([])
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
  expect(web.asked).toEqual([path])
})

test('SEC-23: five redirects are followed, not six', async () => {
  expect(await kindOf(at('/loop'))).toBe('too_many_redirects')
  expect(web.asked).toHaveLength(6)
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
  expect(web.asked).toEqual(['/picture', '/to-picture'])
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
  expect([looks, web.asked]).toEqual([['127.0.0.1', '127.0.0.1'], []])
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
  await whileListening(tcp, async (dripPort) => {
    const dripping = openGuardedClient({ log, ports: [dripPort], isAllowed: () => true })
    const url = `http://127.0.0.1:${dripPort}/`
    expect(await kindOf(url, { timeoutMs: 300 }, dripping)).toBe('too_slow')
  })
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
  await whileListening(tls, async (tlsPort) => {
    const rules = { resolve: async () => [home], ports: [tlsPort], isAllowed: () => true }
    const url = `https://home.example:${tlsPort}/`
    expect(await kindOf(url, {}, openGuardedClient({ log, ...rules }))).toBe('unreachable')
  })
  expect(await named.promise).toBe('home.example')
})

test('SEC-23: an inner name and an unknown one read the same', async () => {
  const sentence = (url: string) =>
    client()
      .get(url)
      .catch((error: Error) => error.message)
  expect(await sentence('http://inside.example/')).toBe(await sentence('http://nobody.example/'))
})
