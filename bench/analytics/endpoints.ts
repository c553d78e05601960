import { openApiDocument } from '../../src/http/openapi.ts'
import { routes } from '../../src/routes.ts'

/** What questions name of a world: its busiest source, author and so on. */
export type Named = Record<'source' | 'author' | 'post' | 'thread' | 'category' | 'tag', string>
export type Endpoint = {
  path: string
  /** Every address that is asked, from the plainest on. */
  questions: string[]
}
export type Skipped = { path: string; why: string }

type Parameter = {
  name: string
  in: string
  required?: boolean
  schema: { enum?: string[]; default?: unknown }
}
type Document = { paths: Record<string, { get?: { parameters?: Parameter[] } }> }

const measured = [
  /^\/$/,
  /^\/api\/analytics\//,
  /^\/api\/hashtags\//,
  /^\/api\/comments\//,
  /^\/api\/reports\//,
  /^\/api\/export\/report\.json$/,
]

/** A path's {id} is of what stands before it. */
const owners: [RegExp, keyof Named][] = [
  [/\/posts\/\{/, 'post'],
  [/\/authors\/\{/, 'author'],
  [/\/categories\/\{/, 'category'],
  [/\/comments\/.*\{/, 'thread'],
  [/\/sources\/\{/, 'source'],
  [/\/hashtags\/.*\{/, 'tag'],
]

/** Every combination would be thousands: each of these once, beside the defaults. */
const variants = (all: readonly Parameter[], named: Named): string[] => {
  const parameters = all.filter(({ required }) => !required)
  const has = (name: string) => parameters.some((parameter) => parameter.name === name)
  const choices = (name: string) =>
    parameters.find((parameter) => parameter.name === name)?.schema.enum ?? []
  const long = has('days') ? '&days=365' : ''
  return [
    '',
    ...(has('days') ? ['&days=7', '&days=365'] : []),
    ...(has('source') ? [`&source=${named.source}`, `&source=${named.source}${long}`] : []),
    ...(has('platform') ? ['&platform=reddit'] : []),
    ...['groupBy', 'by', 'bucket', 'interval'].flatMap((name) =>
      choices(name).map((value) => `&${name}=${value}${value === 'topic' ? '&topic=gaming' : ''}`),
    ),
    // Groups over a year of days are more points than an answer holds: weeks are asked for.
    ...[
      ['week', 365],
      ['hour', 90],
    ].flatMap(([bucket, days]) =>
      choices('bucket').includes(`${bucket}`) ? [`&bucket=${bucket}&days=${days}`] : [],
    ),
    ...(has('zone') ? [`&zone=Australia/Lord_Howe${long}`] : []),
    ...(has('window_minutes') ? ['&window_minutes=1440', '&window_minutes=10080'] : []),
  ]
}

/** What a question must say, by the parameter's name; null: we do not know what to say. */
function needed(parameter: Parameter, named: Named): string | null {
  const known: Record<string, string> = {
    q: 'tag1',
    query: 'tag1',
    tag: named.tag,
    hashtag: named.tag,
    target_hashtag: named.tag,
    tags: named.tag,
    hashtags: named.tag,
    category: named.category,
    source: named.source,
    sources: named.source,
    author: named.author,
    post: named.post,
    post_id: named.thread,
    min_depth: '2',
    min_engagement: '1',
    by: 'source',
  }
  return known[parameter.name] ?? parameter.schema.enum?.[0] ?? null
}

function endpointOf(path: string, parameters: Parameter[], named: Named): Endpoint | Skipped {
  let address = path
  for (const hole of path.match(/\{[^}]+\}/g) ?? []) {
    const owner = owners.find(([pattern]) => pattern.test(path))
    if (!owner) return { path, why: `nothing here is called ${hole}` }
    address = address.replace(hole, encodeURIComponent(named[owner[1]]))
  }
  const said: string[] = []
  for (const parameter of parameters) {
    if (parameter.in !== 'query' || !parameter.required) continue
    if (parameter.schema.default !== undefined) continue
    const value = needed(parameter, named)
    if (value === null) return { path, why: `${parameter.name} is asked for, and not known here` }
    said.push(`${parameter.name}=${encodeURIComponent(value)}`)
  }
  const plain = `${address}?${said.join('&')}`
  return {
    path,
    questions: [...new Set(variants(parameters, named))].map((more) =>
      `${plain}${more}`.replace('?&', '?').replace(/\?$/, ''),
    ),
  }
}

/** Every analytic that the API's own document lists, so that a new one is measured unasked. */
export function endpointsOf(named: Named): { endpoints: Endpoint[]; skipped: Skipped[] } {
  const document = JSON.parse(JSON.stringify(openApiDocument(routes))) as Document
  const all = Object.entries(document.paths)
    .filter(([path, { get }]) => get && measured.some((pattern) => pattern.test(path)))
    .map(([path, { get }]) => endpointOf(path, get?.parameters ?? [], named))
  return {
    endpoints: all.filter((one) => 'questions' in one),
    skipped: all.filter((one) => 'why' in one),
  }
}
