import { Ajv, type ErrorObject, type Options } from 'ajv'
import addFormatsModule from 'ajv-formats'

export type Json = Record<string, unknown>
/** Says of a schema's word whether it is to be left out: for what is known to be wrong. */
export type Drop = (name: string, value: unknown) => boolean

// ajv-formats is CommonJS: under ESM its function is the default's default.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default
const formatsOfOthers = ['int32', 'int64', 'uint32', 'uint64', 'google-datetime', 'byte', 'double']

export const createAjv = (options: Options = {}): Ajv => {
  const ajv = new Ajv({ strict: false, allErrors: true, discriminator: false, ...options })
  addFormats(ajv)
  for (const format of formatsOfOthers) ajv.addFormat(format, true)
  return ajv
}

/** OpenAPI's `nullable` in the words of JSON Schema; `drop` loosens what is known to be wrong. */
export function asJsonSchema(node: unknown, drop: Drop = () => false): unknown {
  if (Array.isArray(node)) return node.map((each) => asJsonSchema(each, drop))
  if (!node || typeof node !== 'object') return node
  const { nullable, discriminator: _, ...rest } = node as Json
  const schema = Object.fromEntries(
    Object.entries(rest)
      .filter(([name, value]) => !drop(name, value))
      .map(([name, value]) => [name, asJsonSchema(value, drop)]),
  )
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}

const errorsShown = 4

/** What ajv found, in one line each; the names matter more than ajv's sentence. */
export const sentences = (errors: readonly ErrorObject[] | null | undefined): string[] =>
  (errors ?? []).slice(0, errorsShown).map(({ instancePath, message, params }) => {
    const { additionalProperty, allowedValues } = params as Json
    const what = additionalProperty ?? (allowedValues ? 'an unlisted value' : '')
    return `${instancePath || 'the whole'} ${message}${what ? ` (${String(what)})` : ''}`
  })
