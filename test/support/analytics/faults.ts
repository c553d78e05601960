import { openApiDocument } from '../../../src/http/openapi.ts'
import { routes } from '../../../src/routes.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  items?: Schema
  additionalProperties?: Schema | boolean
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}
type Document = {
  paths: Record<
    string,
    { get?: { responses: Record<string, { content: Record<string, { schema: Schema }> }> } }
  >
  components: { schemas: Record<string, Schema> }
}

export const document = JSON.parse(JSON.stringify(openApiDocument(routes))) as Document

export const schemaOf = (path: string): Schema =>
  document.paths[path]?.get?.responses['200']?.content['application/json']?.schema ?? {}

/** A schema's own forms: what it refers to, and each of its alternatives. */
function formsOf(schema: Schema): Schema[] {
  const named = document.components.schemas[schema.$ref?.split('/').at(-1) ?? '']
  const others = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  return [schema, ...(named ? formsOf(named) : []), ...others.flatMap(formsOf)]
}

const isNumber = (schema: Schema) =>
  formsOf(schema).some(({ type = [] }) => /number|integer/.test([type].flat().join()))

/**
 * Numbers that are null beside a reason which is not theirs: the reason is of the value, and these say
 * in the document when they are null.
 */
const ownNull: Record<string, string> = {
  low: 'an end of the interval of a number that has its own reason',
  high: 'likewise',
  movingAverage: 'null where fewer than half of its season are known',
  change: 'null where the point before is not known',
  simpleMovingAverage: 'null where less than its season is known; the reason is of the forecast',
}

type At = { path: string; known: ReadonlySet<string> }
type Told = { faults: string[]; named: Set<string> }
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown) => typeof value === 'string' && value !== ''

/**
 * What an answer leaves unsaid: definitions that it names and does not spell out, nulls without reason.
 * NaN and infinities are such nulls: JSON cannot say them.
 */
export function faultsOf(answer: unknown, schema: Schema): Told {
  const told: Told = { faults: [], named: new Set() }
  walk(answer, formsOf(schema), { path: '', known: new Set() }, told)
  return told
}

function walk(value: unknown, forms: readonly Schema[], at: At, told: Told): void {
  if (Array.isArray(value)) {
    const items = forms.flatMap((form) => (form.items ? formsOf(form.items) : []))
    for (const one of value) walk(one, items, { ...at, path: `${at.path}[]` }, told)
  }
  if (!isObject(value)) return
  const known = Array.isArray(value.definitions) ? idsIn(value.definitions) : at.known
  if (typeof value.definition === 'string') {
    told.named.add(value.definition)
    if (!known.has(value.definition))
      told.faults.push(`${at.path}: ${value.definition} is not defined`)
  }
  const properties = Object.assign({}, ...forms.map((form) => form.properties ?? {}))
  told.faults.push(...unexplained(value, properties).map((name) => `${at.path}.${name}`))
  for (const [name, inner] of Object.entries(value)) {
    const own: Schema | undefined = properties[name]
    walk(inner, own ? formsOf(own) : [], { path: `${at.path}.${name}`, known }, told)
  }
}

const idsIn = (definitions: { id?: unknown }[]) => new Set(definitions.map(({ id }) => String(id)))

/** Numbers that are null without a reason, where the schema has a place for one; and idle reasons. */
function unexplained(value: Record<string, unknown>, properties: Record<string, Schema>): string[] {
  const numbers = Object.keys(properties).filter(
    (name) => isNumber(properties[name] ?? {}) && !(name in ownNull),
  )
  const unknown = numbers.filter((name) => value[name] === null)
  if ('reasons' in properties) {
    const reasons = isObject(value.reasons) ? value.reasons : {}
    const idle = Object.keys(reasons).filter((name) => value[name] !== null)
    return [
      ...unknown.filter((name) => !isText(reasons[name])).map((name) => `${name} has no reason`),
      ...idle.map((name) => `${name} has a reason and is known`),
    ]
  }
  if (!('reason' in properties) || isText(value.reason)) return []
  return unknown.map((name) => `${name} has no reason`)
}
