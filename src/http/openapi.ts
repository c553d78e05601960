import { z } from 'zod'
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi'
import { buildInfo } from '../telemetry/build-info.ts'
import { ProblemDocument } from './problem.ts'
import { type AnyRoute, roleOf, scopeOf, type UploadRule } from './route.ts'

type Responses = ZodOpenApiOperationObject['responses']

/** OpenAPI 3.1 of the schemas that validate: what is written here is what is enforced. */
export function openApiDocument(routes: readonly AnyRoute[]) {
  const paths: ZodOpenApiPathsObject = {}
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) }
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Earshot',
      version: buildInfo.version,
      description:
        'Listens to creators and communities on Twitch, X, YouTube and Reddit. Ids are digits in ' +
        'strings, times are ISO 8601 in UTC, failures are RFC 9457 problem documents.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The accessToken of POST /api/auth/login',
        },
        operator: {
          type: 'http',
          scheme: 'bearer',
          description: "METRICS_TOKEN, or an administrator's accessToken",
        },
      },
    },
  })
}

function operationOf(route: AnyRoute): ZodOpenApiOperationObject {
  const { params, query, body, upload, description } = route
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(description && { description }),
    tags: [route.tag],
    security: securityOf(route),
    ...rightsOf(route),
    requestParams: {
      ...(params && { path: params as z.ZodObject }),
      ...(query && { query: query as z.ZodObject }),
    },
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
    }),
    ...(upload && { requestBody: { required: true, content: fileContent(upload) } }),
    responses: { ...success(route), ...failures(route) },
  }
}

const fileContent = ({ types }: UploadRule) =>
  Object.fromEntries(
    types.map((type) => [type, { schema: { type: 'string' as const, format: 'binary' } }]),
  )

const operationId = ({ method, path }: AnyRoute) =>
  [method, ...path.split(/[/{}.-]+/).filter((word) => word && word !== 'api')]
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')

const securityOf = ({ access }: AnyRoute) => {
  if (access === 'public') return []
  return [access === 'user' || access === 'admin' ? { bearer: [] } : { operator: [] }]
}

/** What a caller must be and hold, for whoever reads the document. */
const rightsOf = (route: AnyRoute): { [name: `x-${string}`]: string } =>
  route.access === 'user' || route.access === 'admin'
    ? {
        'x-required-role': route.access === 'admin' ? 'admin' : (route.roleInPath ?? roleOf(route)),
        'x-required-scope': scopeOf(route),
      }
    : {}

function success(route: AnyRoute): Responses {
  if ('produces' in route) {
    const content = Object.fromEntries(route.produces.map((type) => [type, { schema: z.string() }]))
    return { 200: { description: route.summary, content } }
  }
  const key = `${route.status}` as '200'
  if (route.status === 204) return { [key]: { description: 'Done' } }
  const content = { 'application/json': { schema: route.response } }
  return { [key]: { description: route.summary, content } }
}

const problemContent = { 'application/problem+json': { schema: ProblemDocument } }

/** Those that follow from the route's own form; services add theirs under `default`. */
function failures({ access, params, query, body, upload }: AnyRoute): Responses {
  const given = !!(params || query || body || upload)
  const mostMB = upload ? upload.maxBytes / 1_048_576 : 10
  const types = upload?.types.join(', ') ?? 'application/json'
  const known: [key: string, description: string, applies: boolean][] = [
    ['400', 'Something in the request is wrong; `errors` says what', given],
    ['401', 'No valid token', access !== 'public'],
    ['403', 'Not for this person, role or API token', access !== 'public'],
    ['404', 'Not there, or not yours', !!params],
    ['413', `The body has more than ${mostMB} MB`, !!(body || upload)],
    ['415', `The body is not sent as ${types}`, !!(body || upload)],
    ['default', 'Any other failure', true],
  ]
  return Object.fromEntries(
    known
      .filter(([, , applies]) => applies)
      .map(([key, description]) => [key, { description, content: problemContent }]),
  )
}

/** As it is committed at docs/openapi.json: a change of the API is a change of that file. */
export const openApiText = (routes: readonly AnyRoute[]): string =>
  `${JSON.stringify(openApiDocument(routes), null, 2)}\n`
