import { type Description, headerFault, type Sent } from './exchange.ts'
import type { Json } from './json-schema.ts'
import { type RecordedTypes, recordedTypes, unlike } from './recorded-types.ts'
import { jsonOrNothing, readSpec, redditRecordings, specFiles } from './recordings.ts'

/** Listings take these everywhere; `raw_json` switches off the escaping of HTML. */
const ofListings = ['after', 'before', 'count', 'limit', 'show', 'raw_json']
type Endpoint = {
  method: string
  path: RegExp
  names: readonly string[]
  mostLimit?: number
}
const endpoints: Endpoint[] = [
  {
    ...{ method: 'GET', path: /^\/comments\/\w+$/, mostLimit: 500 },
    names: ['sort', 'limit', 'comment', 'raw_json'],
  },
  {
    ...{ method: 'GET', path: /^\/api\/morechildren$/ },
    names: ['api_type', 'link_id', 'children', 'raw_json'],
  },
  { method: 'POST', path: /^\/api\/v1\/access_token$/, names: [] },
  { method: 'GET', path: /^\/r\/[\w+-]+\/(new|hot|top|rising)$/, names: ofListings },
  { method: 'GET', path: /^\/r\/\w+\/about$/, names: ['raw_json'] },
  { method: 'GET', path: /^\/api\/info$/, names: ['id', 'sr_name', 'url', 'raw_json'] },
]
const mostIds = 100

/** Fields of Reddit that are younger than the recordings, or that those left out. */
const newer = [
  'author_fullname',
  'upvote_ratio',
  'score_hidden',
  'controversiality',
  'body_html',
  'geo_filter',
]

/** No recording has one; as the API's page of "more" describes it. */
const ofMore: Json = { count: 1, name: 't1_a', id: 'a', parent_id: 't1_a', depth: 1, children: [] }

type Node = { kind: string; data: Json }
type Known = Record<'t1' | 't3' | 't5' | 'more' | 'Listing' | 'token' | 'error', RecordedTypes>

/** Reddit describes itself nowhere: what was recorded of it stands in for a description. */
export function redditDescription(): Description {
  const known = recordedKinds()
  return {
    request: (exchange) => [...shapeFaults(exchange), ...headerFaults(exchange)],
    response: ({ status, answer, url }) => {
      if (status !== 200) return unlike(known.error, asObject(answer))
      if (url.pathname.endsWith('/access_token')) return unlike(known.token, asObject(answer))
      return nodesIn(answer).flatMap(({ kind, data }) => {
        if (!(kind in known)) return [`the kind ${kind} was never recorded`]
        return unlike(known[kind as 't3'], data, newer).map((fault) => `${kind}: ${fault}`)
      })
    },
  }
}

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : { 'no JSON': true }

function shapeFaults({ method, url }: Sent): string[] {
  const path = decodeURIComponent(url.pathname)
  const endpoint = endpoints.find((one) => one.method === method && one.path.test(path))
  if (!endpoint) return [`${method} ${path} is not known`]
  const limit = Number(url.searchParams.get('limit') ?? 1)
  const most = endpoint.mostLimit ?? 100
  const ids = ['id', 'sr_name', 'children'].flatMap(
    (name) => url.searchParams.get(name)?.split(',') ?? [],
  )
  return [
    ...[...url.searchParams.keys()]
      .filter((name) => !endpoint.names.includes(name))
      .map((name) => `the parameter ${name} is not known`),
    ...(limit >= 1 && limit <= most ? [] : [`limit is not within 1 and ${most}`]),
    ...(ids.length > mostIds ? [`${ids.length} ids at once`] : []),
  ]
}

function headerFaults(exchange: Sent): string[] {
  const login = exchange.url.pathname === '/api/v1/access_token'
  const form = exchange.form.get('grant_type')
  return [
    ...headerFault(exchange, 'user-agent', /^\S+:\S+:\S+/),
    ...headerFault(exchange, 'authorization', login ? /^Basic [\w+/=]+$/ : /^bearer \S+$/i),
    ...(login && form !== 'client_credentials' ? ['grant_type is not client_credentials'] : []),
  ]
}

function recordedKinds(): Known {
  const nodes = specFiles('reddit/go-reddit/testdata/**/*.json').flatMap((file) =>
    nodesIn(jsonOrNothing(readSpec(file))),
  )
  const of = (kind: string) =>
    recordedTypes(nodes.flatMap((node) => (node.kind === kind ? [node.data] : [])))
  const bodies = redditRecordings().map((one) => ({ ...one, body: jsonOrNothing(one.text) }))
  const objects = (wanted: (one: (typeof bodies)[number]) => boolean) =>
    recordedTypes(bodies.flatMap((one) => (one.body && wanted(one) ? [one.body as Json] : [])))
  return {
    t1: of('t1'),
    t3: of('t3'),
    t5: of('t5'),
    more: recordedTypes([ofMore]),
    Listing: of('Listing'),
    token: objects(({ status, path }) => status === 200 && path.endsWith('/access_token')),
    error: objects(({ status }) => status >= 400),
  }
}

/** All things of Reddit ({ kind, data }) in an answer, however deep. */
function nodesIn(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(nodesIn)
  const { kind, data } = value as Partial<Node>
  const isNode = typeof kind === 'string' && typeof data === 'object' && data !== null
  return isNode ? [{ kind, data: data as Json }, ...inner] : inner
}
