import { createHmac, generateKeyPairSync, randomBytes, sign as signBytes } from 'node:crypto'

export type Claims = Record<string, unknown>
type Header = Record<string, unknown>

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const ours = { alg: 'HS256', typ: 'at+jwt' }
const hmac = (bits: 256 | 384 | 512, key: string | Buffer, text: string) =>
  createHmac(`sha${bits}`, key).update(text).digest('base64url')

/** A token with exactly this header and payload (texts go as they are), signed with `key`. */
export function madeToken(
  key: string | Buffer,
  payload: Claims | string,
  header: Header | string = ours,
  bits: 256 | 384 | 512 = 256,
): string {
  const text = `${encode(header)}.${encode(payload)}`
  return `${text}.${hmac(bits, key, text)}`
}

type Given = { secret: string; good: Claims; otherUserId: string; otherSessionId: string }

/** Signed with the right key, as if it had leaked: what each claim and header is checked for. */
function rightlySigned({ secret, good, otherUserId, otherSessionId }: Given) {
  const now = Math.floor(Date.now() / 1_000)
  const { iat: _iat, ...timeless } = good
  const changed = (claims: Claims) => madeToken(secret, { ...good, ...claims })
  const without = (name: string) =>
    madeToken(secret, Object.fromEntries(Object.entries(good).filter(([key]) => key !== name)))
  const headed = (header: Header) => madeToken(secret, good, { ...ours, ...header })
  const twice = (name: string, value: unknown) =>
    madeToken(secret, `{"${name}":${JSON.stringify(value)},${JSON.stringify(good).slice(1)}`)
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  void privateKey
  const jwk = publicKey.export({ format: 'jwk' })
  return {
    'type JWT': madeToken(secret, good, { ...ours, typ: 'JWT' }),
    'no type': madeToken(secret, good, { alg: 'HS256' }),
    'type refresh': headed({ typ: 'rt+jwt' }),
    'a kid': headed({ kid: '1' }),
    'a kid that climbs': headed({ kid: '../../../../dev/null' }),
    'a kid that is SQL': headed({ kid: "x' union select 'key" }),
    crit: headed({ crit: ['exp'] }),
    'b64 false': headed({ crit: ['b64'], b64: false }),
    jku: headed({ jku: 'https://evil.example/jwks.json' }),
    x5u: headed({ x5u: 'https://evil.example/cert.pem' }),
    'an embedded jwk': headed({ jwk }),
    'a header in another order': madeToken(secret, good, '{"typ":"at+jwt","alg":"HS256"}'),
    'a header with alg twice': madeToken(
      secret,
      good,
      '{"alg":"none","alg":"HS256","typ":"at+jwt"}',
    ),
    'no sub': without('sub'),
    'no sid': without('sid'),
    'no exp': without('exp'),
    'no aud': without('aud'),
    'no iss': without('iss'),
    'no iat': without('iat'),
    'no nbf': without('nbf'),
    'no jti': without('jti'),
    'no email': without('email'),
    expired: changed({ iat: 1, nbf: 1, exp: 2 }),
    'not yet': changed({ nbf: now + 600 }),
    'issued in the future': changed({ iat: now + 600, exp: now + 1_200 }),
    'exp as a text': changed({ exp: String(good.exp) }),
    'exp beyond all numbers': madeToken(
      secret,
      JSON.stringify(good).replace(/"exp":\d+/, '"exp":1e999'),
    ),
    'exp negative': changed({ exp: -1 }),
    'exp null': changed({ exp: null }),
    'exp a fraction': changed({ exp: Number(good.exp) + 0.5 }),
    'older than tokens live, whatever exp says': changed({
      iat: now - 86_401,
      nbf: now - 86_401,
      exp: now + 86_400,
    }),
    'exp before iat with a long nbf': madeToken(secret, { ...timeless, iat: now, exp: now - 1 }),
    'another audience': changed({ aud: 'elsewhere' }),
    'ours among audiences': changed({ aud: ['elsewhere', 'earshot'] }),
    'a list of our audience': changed({ aud: ['earshot'] }),
    'another issuer': changed({ iss: 'elsewhere' }),
    'a list of our issuer': changed({ iss: ['earshot'] }),
    "another person's session": changed({ sub: otherUserId }),
    "another's session for oneself": changed({ sid: otherSessionId }),
    'sub as a number': changed({ sub: Number(good.sub) }),
    'sid as a number': changed({ sid: Number(good.sid) }),
    'sid as a list': changed({ sid: [good.sid] }),
    'sid as an object': changed({ sid: { $ne: null } }),
    'sid that is SQL': changed({ sid: "1' or '1'='1" }),
    'sid beyond bigint': changed({ sid: '9'.repeat(30) }),
    'sid in other digits': changed({ sid: '\u0661\u0662' }),
    'sid with a zero in front': changed({ sid: `0${good.sid}` }),
    'sid of nobody': changed({ sid: '999999999' }),
    'a claim more': changed({ role: 'admin' }),
    'sub twice': twice('sub', otherUserId),
    'exp twice': twice('exp', 1),
    'a payload with spaces': madeToken(secret, JSON.stringify(good, null, 1)),
    'a payload that is a list': madeToken(secret, [good] as never),
    'a payload that is a text': madeToken(secret, '"sub"'),
    'a payload that is no JSON': madeToken(secret, 'sub=1'),
    'a payload with a prototype': madeToken(
      secret,
      `{"__proto__":{"admin":true},${JSON.stringify(good).slice(1)}`,
    ),
    HS384: madeToken(secret, good, { ...ours, alg: 'HS384' }, 384),
    HS512: madeToken(secret, good, { ...ours, alg: 'HS512' }, 512),
  }
}

/** Made by somebody who has not got the key. */
function withoutTheKey(token: string, { secret, good, otherUserId }: Given) {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const unsigned = (alg: string) => `${encode({ ...ours, alg })}.${payload}`
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const rs256 = unsigned('RS256')
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const es256 = unsigned('ES256')
  const psychic = Buffer.alloc(64).toString('base64url')
  const last = signature.slice(-1)
  const twin = String.fromCharCode(last.charCodeAt(0) + 1)
  return {
    'alg none': `${unsigned('none')}.`,
    'alg None': `${unsigned('None')}.`,
    'alg nOnE with a signature': `${unsigned('nOnE')}.${signature}`,
    'alg empty': `${unsigned('')}.${signature}`,
    'no signature': `${header}.${payload}.`,
    'no third part': `${header}.${payload}`,
    'four parts': `${token}.x`,
    'another key': madeToken('x'.repeat(40), good),
    'an empty key': madeToken(Buffer.alloc(0), good),
    "the key's base64": madeToken(Buffer.from(secret).toString('base64'), good),
    'RS256 by a key of one': `${rs256}.${signBytes('sha256', Buffer.from(rs256), privateKey).toString('base64url')}`,
    'HS256 with a public key as the secret': madeToken(pem, good),
    'RS256 header over our HMAC': `${rs256}.${hmac(256, secret, rs256)}`,
    'ES256 by a key of one': `${es256}.${signBytes('sha256', Buffer.from(es256), elliptic.privateKey).toString('base64url')}`,
    'a psychic signature of zeros': `${es256}.${psychic}`,
    'a changed payload': `${header}.${encode({ ...good, sub: otherUserId })}.${signature}`,
    'a truncated signature': token.slice(0, -4),
    'a truncated token': token.slice(0, token.length / 2),
    'a signature that decodes the same': token.slice(0, -1) + twin,
    'a signature in base64 with padding': `${token}=`,
    'a huge token': `${header}.${encode({ ...good, pad: 'x'.repeat(5_000) })}.${signature}`,
    'a huge one of nothing': 'a'.repeat(7_500),
    'random bytes': randomBytes(60).toString('base64url'),
    nonsense: 'x',
    dots: '..',
    'a session id': String(good.sid),
    'an API token of nobody': `esk_${randomBytes(32).toString('base64url')}`,
    'an API token cut short': 'esk_abc',
    'an API token that is SQL': `esk_${"' or 1=1 --".padEnd(43, 'x')}`,
    'an access token that begins like an API token': `esk_${token}`,
  }
}

/** Every token that must open nothing, by what is wrong with it. */
export const forgedTokens = (token: string, given: Given): Record<string, string> => ({
  ...withoutTheKey(token, given),
  ...rightlySigned(given),
})
