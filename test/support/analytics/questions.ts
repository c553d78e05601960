import { type ApiParameter, type ApiRoute, apiRoutes } from '../api-routes.ts'
import type { Filled } from './filled.ts'

const analytic =
  /^\/api\/(analytics|hashtags|comments|reports)\/|^\/api\/export\/report\.json$|^\/api\/posts\/\{id\}\/thread$/

export const analyticRoutes = apiRoutes().filter(
  ({ method, path }) => method === 'GET' && analytic.test(path),
)

type Ids = Filled['ids']

/** Every address that a path with holes stands for here. Throws where nobody said what a hole is. */
function addressesOf({ path }: ApiRoute, ids: Ids): string[] {
  const [, owner = '', hole] = /([\w-]+)\/\{(\w+)\}/.exec(path) ?? []
  if (hole === undefined) return [path]
  const known: Record<string, string[]> = { ...ids, categories: ['Art1', 'Nowhere'] }
  const values = known[owner]
  if (!values) throw new Error(`Nothing here is called {${hole}} of ${owner}: ${path}`)
  return values.map((value) => path.replace(/\{\w+\}/, value))
}

const needed = (ids: Ids): Record<string, string> => ({
  target_hashtag: 'tea',
  q: 't',
  source: ids.sources[2] ?? '',
})

/** What some values want beside them. */
const companions: Record<string, string> = { 'by=topic': '&topic=words' }

function variantsOf(parameters: readonly ApiParameter[], ids: Ids): string[] {
  const asked = parameters.filter((one) => one.in === 'query')
  const has = (name: string) => asked.some((one) => one.name === name)
  const choices = asked.flatMap(({ name, schema }) =>
    (schema.enum ?? []).map((value) => `${name}=${value}`),
  )
  return [
    ...choices.map((choice) => `${choice}${companions[choice] ?? ''}`),
    ...(has('source') ? ids.sources.map((id) => `source=${id}`) : []),
    ...(has('days') ? ['days=1', 'days=80'] : []),
    ...(has('zone') ? ['zone=Asia/Kathmandu'] : []),
  ]
}

/** Each analytic at its plainest, and with each value of each of its filters alone. */
export function questionsOf(route: ApiRoute, ids: Ids): string[] {
  const given = needed(ids)
  const must = route.parameters
    .filter((one) => one.in === 'query' && one.required)
    .map(({ name, schema }): [string, string] => {
      const value = given[name] ?? schema.enum?.[0]
      if (value === undefined) throw new Error(`${route.path} wants ${name}: say what it is here`)
      return [name, value]
    })
  return addressesOf(route, ids).flatMap((address) =>
    ['', ...variantsOf(route.parameters, ids)].map((variant) => {
      const query = new URLSearchParams([...must, ...new URLSearchParams(variant)])
      // What is asked for twice counts as it is said last.
      const text = new URLSearchParams(Object.fromEntries(query)).toString()
      return text === '' ? address : `${address}?${text}`
    }),
  )
}
