import type { ValidateFunction } from 'ajv'
import { type Description, type Sent, valuesIn } from './exchange.ts'
import { asJsonSchema, createAjv, type Drop, type Json, sentences } from './json-schema.ts'

type Parameter = {
  name: string
  in: string
  required?: boolean
  explode?: boolean
  schema: Json
}
type Operation = {
  parameters?: (Parameter | { $ref: string })[]
  responses: Record<string, { content?: Record<string, { schema: Json }> }>
}
type OpenApi = { paths: Record<string, Record<string, Operation>> } & Json
type Options = { spec: unknown; prefix?: string; drop?: Drop }
type Found = { template: string; operation: Operation; params: Record<string, string> }

const mediaTypes = ['application/json', 'application/problem+json']
const parametersIn = /\{(\w+)\}/g

/** Holds requests and answers against an OpenAPI document. */
export function openApiDescription({ spec, prefix = '', drop }: Options): Description {
  const document = asJsonSchema(spec, drop) as OpenApi
  const responses = createAjv().addSchema(document, 'spec')
  // What comes in a query is text: '20' is an integer there.
  const queries = createAjv({ coerceTypes: true }).addSchema(document, 'spec')
  const compiled = new Map<string, ValidateFunction>()
  const once = (key: string, make: () => ValidateFunction) => {
    const known = compiled.get(key) ?? make()
    compiled.set(key, known)
    return known
  }

  const find = ({ method, url }: Sent): Found | null => {
    const path = decodeURIComponent(url.pathname)
    if (!path.startsWith(prefix)) return null
    const matches = Object.entries(document.paths).flatMap(([template, operations]) => {
      const pattern = new RegExp(`^${template.replace(parametersIn, '(?<$1>[^/]+)')}$`)
      const params = pattern.exec(path.slice(prefix.length))
      const operation = operations[method.toLowerCase()]
      return params && operation ? [{ template, operation, params: { ...params.groups } }] : []
    })
    // Words before parameters: /2/users/by is not a user called "by".
    const unknowns = ({ params }: Found) => Object.keys(params).length
    return matches.toSorted((a, b) => unknowns(a) - unknowns(b)).at(0) ?? null
  }

  const parametersOf = ({ operation }: Found): Parameter[] =>
    (operation.parameters ?? []).map((one) =>
      '$ref' in one ? (resolve(document, one.$ref) as Parameter) : one,
    )

  return {
    request: (exchange) => {
      const found = find(exchange)
      if (!found) return [`${exchange.method} ${exchange.url.pathname} is not described`]
      const parameters = parametersOf(found)
      const check = once(`${exchange.method} ${found.template}`, () =>
        queries.compile(schemaOf(parameters)),
      )
      const value = { query: queryOf(parameters, exchange.url.searchParams), path: found.params }
      return check(value) ? [] : sentences(check.errors)
    },
    response: (exchange) => {
      const found = find(exchange)
      if (!found) return []
      const { responses: described } = found.operation
      const status = String(exchange.status)
      const named = described[status] ? status : 'default'
      const content = described[named]?.content ?? {}
      const media = mediaTypes.filter((type) => content[type])
      if (media.length === 0) return described[named] ? [] : [`a status ${status} is not described`]
      // An error comes as one of several documents.
      const failures = media.map((type) => {
        const at = `/paths/${found.template.replaceAll('/', '~1')}/${exchange.method.toLowerCase()}/responses/${named}/content/${type.replaceAll('/', '~1')}/schema`
        const check = once(at, () => responses.compile({ $ref: `spec#${encodeURI(at)}` }))
        return check(exchange.answer) ? [] : sentences(check.errors)
      })
      return failures.find((one) => one.length === 0) ?? failures[0] ?? []
    },
  }
}

const resolve = (document: Json, ref: string): unknown =>
  ref
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((node, name) => (node as Json)[name], document)

/** One object for all parameters, closed: a name that is not described is a fault. */
function schemaOf(parameters: Parameter[]): Json {
  const part = (place: string) => {
    const own = parameters.filter((one) => one.in === place)
    return {
      type: 'object',
      properties: Object.fromEntries(own.map(({ name, schema }) => [name, schema])),
      required: own.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
    }
  }
  const schema = { type: 'object', properties: { query: part('query'), path: part('path') } }
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"spec#/')) as Json
}

/** Lists are repeated or joined by commas, as the parameter's `explode` says. */
function queryOf(parameters: Parameter[], query: URLSearchParams): Json {
  return Object.fromEntries(
    valuesIn(query).map(([name, values]) => {
      const known = parameters.find((one) => one.in === 'query' && one.name === name)
      if (known?.schema.type !== 'array') return [name, values.length === 1 ? values[0] : values]
      return [name, known.explode === false ? values.flatMap((one) => one.split(',')) : values]
    }),
  )
}
