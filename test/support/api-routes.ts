import { openApiDocument } from '../../src/http/openapi.ts'
import { routes } from '../../src/routes.ts'

export type ApiParameter = {
  name: string
  in: string
  schema: { type?: string; enum?: string[]; pattern?: string; format?: string; maximum?: number }
}
export type ApiRoute = {
  method: string
  path: string
  access: 'public' | 'user' | 'operator'
  parameters: ApiParameter[]
  /** A JSON one: a file is no field's business. */
  hasBody: boolean
  /** The least role and the API token's scope, as the document says them; null: it says none. */
  role: string | null
  scope: string | null
}

type Operation = {
  'x-required-role'?: string
  'x-required-scope'?: string
  security?: Record<string, unknown>[]
  parameters?: ApiParameter[]
  requestBody?: { content: Record<string, unknown> }
}

/** Every route as the API's own document lists it, so that a new one is tested unasked. */
export function apiRoutes(): ApiRoute[] {
  const document = JSON.parse(JSON.stringify(openApiDocument(routes))) as {
    paths: Record<string, Record<string, Operation>>
  }
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const { security = [], parameters = [], requestBody } = operation
      return {
        method: method.toUpperCase(),
        path,
        access: security.length === 0 ? 'public' : security[0]?.bearer ? 'user' : 'operator',
        parameters,
        hasBody: requestBody?.content['application/json'] !== undefined,
        role: operation['x-required-role'] ?? null,
        scope: operation['x-required-scope'] ?? null,
      }
    }),
  )
}
