import { openApiDocument } from '../../src/http/openapi.ts'
import { routes } from '../../src/routes.ts'

export type ApiParameter = {
  name: string
  in: string
  required?: boolean
  schema: { type?: string; enum?: string[]; pattern?: string; format?: string; maximum?: number }
}
export type ApiRoute = {
  method: string
  path: string
  access: 'public' | 'user' | 'operator'
  parameters: ApiParameter[]
  /** A JSON one: a file is no field's business. */
  hasBody: boolean
  /** The fields of that body. */
  fields: string[]
  /** The least role and the API token's scope, as the document says them; null: it says none. */
  role: string | null
  scope: string | null
}

type Operation = {
  'x-required-role'?: string
  'x-required-scope'?: string
  security?: Record<string, unknown>[]
  parameters?: ApiParameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}

type Schema = { $ref?: string; properties?: object; allOf?: Schema[] }
type Described = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

function fieldsOf({ components }: Described, { requestBody }: Operation): string[] {
  const fields = ({ $ref, properties = {}, allOf = [] }: Schema): string[] => {
    const named = components.schemas[$ref?.split('/').at(-1) ?? '']
    return [...Object.keys(properties), ...allOf.flatMap(fields), ...(named ? fields(named) : [])]
  }
  return fields(requestBody?.content['application/json']?.schema ?? {})
}

/** Every route as the API's own document lists it, so that a new one is tested unasked. */
export function apiRoutes(): ApiRoute[] {
  const document = JSON.parse(JSON.stringify(openApiDocument(routes))) as Described
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const { security = [], parameters = [], requestBody } = operation
      return {
        method: method.toUpperCase(),
        path,
        access: security.length === 0 ? 'public' : security[0]?.bearer ? 'user' : 'operator',
        parameters,
        hasBody: requestBody?.content['application/json'] !== undefined,
        fields: fieldsOf(document, operation),
        role: operation['x-required-role'] ?? null,
        scope: operation['x-required-scope'] ?? null,
      }
    }),
  )
}
