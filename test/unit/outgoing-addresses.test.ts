import { createLogger } from '../../src/core/logger.ts'
import { openGuardedClient, type RefusalKind } from '../../src/outgoing/guarded-client.ts'

const names: Record<string, string[]> = {
  'inside.example': ['169.254.169.254'],
  'both.example': ['93.184.215.14', '10.0.0.1'],
  'nobody.example': [],
}

const client = openGuardedClient({
  log: createLogger({ level: 'silent', name: 'test' }),
  resolve: async (name) => {
    return (names[name] ?? []).map((address) => ({ address, family: 4 }))
  },
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
  const refusal = client.get(url).then(
    () => 'fetched',
    (error) => error.kind,
  )
  expect(await refusal).toBe(kind)
})
