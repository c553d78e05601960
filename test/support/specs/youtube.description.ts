import type { ValidateFunction } from 'ajv'
import { type Description, type Exchange, headerFault, type Sent, valuesIn } from './exchange.ts'
import { createAjv, type Json, sentences } from './json-schema.ts'
import { readReference } from './reference.ts'
import { youtubeTypes } from './sdk-types.ts'

type Parameter = Json & { repeated?: boolean; required?: boolean }
type Method = { path: string; httpMethod: string; parameters: Record<string, Parameter> } & {
  response?: { $ref: string }
}
type Discovery = {
  schemas: Record<string, Json>
  parameters: Record<string, Parameter>
  resources: Record<string, { methods?: Record<string, Method> }>
}

/** What came after the discovery document of 2022; Google's client of today knows both. */
const newer: Record<string, { parameters: string; response: string }> = {
  'youtube/v3/channels': {
    parameters: 'Params$Resource$Channels$List',
    response: 'Schema$ChannelListResponse',
  },
  'youtube/v3/videos:batchGetStats': {
    parameters: 'Params$Resource$Videos$Batchgetstats',
    response: 'Schema$BatchGetStatsResponse',
  },
}

/** What YouTube sends though none of its descriptions says so. */
const undescribed: Record<string, Json> = {
  Schema$SearchResultSnippet: { publishTime: { type: 'string' } },
}

/** Google's discovery document of 2022 for the types, its client of today for the names. */
export function youtubeDescription(): Description {
  const discovery = readReference(
    'specs',
    'youtube',
    'discovery-youtube-v3-20220817.json',
  ) as Discovery
  const types = youtubeTypes()
  const answers = createAjv()
  // Discovery names its schemas by id and refers to them by that name alone.
  for (const [name, schema] of Object.entries(discovery.schemas)) {
    const { id: _, ...rest } = JSON.parse(
      JSON.stringify(schema).replaceAll('"$ref":"', '"$ref":"discovery:'),
    ) as Json
    answers.addSchema(rest, `discovery:${name}`)
  }
  for (const [name, schema] of types) {
    const properties = { ...(schema.properties as Json), ...undescribed[name] }
    answers.addSchema({ ...schema, properties }, `sdk:${name}`)
  }
  const compiled = new Map<string, ValidateFunction>()
  const validate = (name: string, value: unknown): string[] => {
    const check = compiled.get(name) ?? answers.compile({ $ref: name })
    compiled.set(name, check)
    return check(value) ? [] : sentences(check.errors)
  }
  const methods = Object.values(discovery.resources).flatMap((one) =>
    Object.values(one.methods ?? {}),
  )
  const methodOf = ({ method, url }: Sent) =>
    methods.find((one) => one.httpMethod === method && `/${one.path}` === url.pathname)
  const newerOf = ({ url }: Sent) => newer[url.pathname.slice(1)]

  return {
    request: (exchange) => {
      const known = methodOf(exchange)
      const late = newerOf(exchange)
      if (!known && !late) return [`${exchange.url.pathname} is not described`]
      const lateSchema = late && (types.get(late.parameters)?.properties as Json)
      const parameters = {
        ...lateFields(lateSchema),
        ...discovery.parameters,
        ...known?.parameters,
      }
      const check = createAjv({ coerceTypes: true }).compile(closed(parameters))
      const query = Object.fromEntries(
        valuesIn(exchange.url.searchParams).map(([name, values]) => [
          name,
          parameters[name]?.repeated ? values.flatMap((one) => one.split(',')) : values.join(','),
        ]),
      )
      return [
        ...(check(query) ? [] : sentences(check.errors)),
        ...headerFault(exchange, 'x-goog-api-key', /^\S+$/),
      ]
    },
    response: (exchange) => {
      if (exchange.status !== 200) return errorFaults(exchange)
      const discovered = methodOf(exchange)?.response?.$ref
      const sdk = newerOf(exchange)?.response ?? `Schema$${discovered}`
      return [
        ...(discovered ? validate(`discovery:${discovered}`, exchange.answer) : []),
        ...validate(`sdk:${sdk}`, exchange.answer),
      ]
    },
  }
}

const lateFields = (properties: Json = {}): Record<string, Parameter> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      { type: 'string', repeated: (schema as Json).type === 'array' },
    ]),
  )

/** Discovery writes numbers' bounds as texts, and `required` at the parameter. */
function closed(parameters: Record<string, Parameter>): Json {
  const schemaOf = ({ repeated, type, enum: values, minimum, maximum, pattern }: Parameter) => {
    const one = {
      type,
      ...(Array.isArray(values) && { enum: values }),
      ...(typeof pattern === 'string' && { pattern }),
      ...(minimum !== undefined && { minimum: Number(minimum) }),
      ...(maximum !== undefined && { maximum: Number(maximum) }),
    }
    return repeated ? { type: 'array', items: one, maxItems: 50 } : one
  }
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(parameters).map(([name, each]) => [name, schemaOf(each)]),
    ),
    required: Object.keys(parameters).filter((name) => parameters[name]?.required),
    additionalProperties: false,
  }
}

/** As recorded: `error` with a code, a message and a list of reasons. */
function errorFaults({ answer, status }: Exchange): string[] {
  const { error } = (answer ?? {}) as { error?: Json }
  const [first] = Array.isArray(error?.errors) ? (error.errors as Json[]) : []
  const whole =
    error?.code === status &&
    typeof error.message === 'string' &&
    ['domain', 'reason', 'message'].every((name) => typeof first?.[name] === 'string')
  return whole ? [] : [`the error of status ${status} is not of the form that was recorded`]
}
