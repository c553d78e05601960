import fc from 'fast-check'
import { type ApiParameter, type ApiRoute, apiRoutes } from '../api-routes.ts'
import { type Secret, shared } from './twins.ts'

/** Every GET that a signed-in person may ask, from the API's own document. */
export const readRoutes = apiRoutes().filter(
  ({ method, access, role }) => method === 'GET' && access === 'user' && role !== 'admin',
)

/** A read with at most one filter. `pick` decides which of several values, and whose id. */
export type Question = { route: ApiRoute; parameter: ApiParameter | null; pick: number }

export const questions: fc.Arbitrary<Question> = fc.constantFrom(...readRoutes).chain((route) =>
  fc.record({
    route: fc.constant(route),
    parameter: fc.constantFrom(null, ...route.parameters.filter((one) => one.in === 'query')),
    pick: fc.nat({ max: 1_000_000 }),
  }),
)

/** Values that both sides know. */
const textsFor: Record<string, readonly string[]> = {
  text: shared.texts,
  tag: shared.tags,
  author: shared.authors,
  from: ['2020-01-01'],
  to: ['2090-01-01'],
  limit: ['1', '200'],
}

export type Sides = { mine: Secret; theirs: Secret }

const tables: Record<string, string> = {
  profiles: 'credential_profiles',
  jobs: 'monitoring_jobs',
  source: 'sources',
  profile: 'credential_profiles',
}

const chosen = (values: readonly string[], pick: number): string | null =>
  values[pick % Math.max(1, values.length)] ?? null

/** Every second one is an id of the other side, which must be as good as none. */
function someId({ mine, theirs }: Sides, what: string, pick: number): string {
  const { ids } = pick % 2 === 0 ? mine : theirs
  const table = tables[what] ?? what
  const fitting = [...ids].flatMap(([id, of]) => (of === table ? [id] : []))
  return chosen(fitting.length > 0 ? fitting : [...ids.keys()], Math.floor(pick / 2)) ?? '1'
}

function valueFor({ name, schema }: ApiParameter, given: Given): string | null {
  const { sides, pick, cursors } = given
  if (name === 'cursor') return chosen(cursors, pick)
  const texts = textsFor[name] ?? schema.enum
  if (texts) return chosen(texts, pick)
  return schema.pattern ? someId(sides, name, pick) : null
}

type Given = { sides: Sides; cursors: string[]; pick: number }

/** Where a question goes: cursors of either side are good for trying, too. */
export function targetOf(
  { route, parameter, pick }: Question,
  { sides, cursors }: Omit<Given, 'pick'>,
): string {
  const what = route.path.split('/')[2] ?? ''
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === 'platform' ? 'twitch' : someId(sides, what, pick),
  )
  const value = parameter && valueFor(parameter, { sides, cursors, pick })
  return value ? `${path}?${parameter.name}=${encodeURIComponent(value)}` : path
}

/** What of somebody else's stands in an answer. */
export const leaksIn = (text: string, { mark, ids }: Secret): string[] => [
  ...(text.includes(mark) ? [mark] : []),
  ...(text.match(/\d{10,}/g) ?? []).filter((number) => ids.has(number)),
]
