import type { Answer } from '../app.ts'
import { callWith } from '../team.ts'
import type { Caller, Params, World } from './callers.ts'
import { absentId, objects } from './objects.ts'
import type { Belonging, Row } from './row.ts'

export type Asked = { method: string; path: string; row: Row }

const filled = (path: string, params: Params) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? absentId)

/** The ids that the request names; `absent` has none, and what is missing becomes one of nobody. */
async function paramsFor(
  { row }: Asked,
  { world, caller, belonging }: { world: World; caller: Caller; belonging: Belonging },
): Promise<Params> {
  const { object, where, fresh, endsCaller, params = {} } = row
  if (!object || belonging === 'none') return params
  if (belonging === 'absent') return { id: absentId }
  const { own, foreign } = objects[object]
  const isOwn = belonging === 'own'
  const make = () => (isOwn ? own(world, caller) : foreign(world))
  if (isOwn && (fresh || endsCaller)) return make()
  const whose = isOwn && where === 'self' ? caller.name : belonging
  const key = `${object} of ${whose}`
  const made = world.made.get(key) ?? make()
  world.made.set(key, made)
  return made
}

/** One request of the matrix: a right one, but for who asks and what it names. */
export async function ask(
  asked: Asked,
  given: { world: World; caller: Caller; belonging: Belonging },
): Promise<Answer> {
  return askWith(asked, { ...given, params: await paramsFor(asked, given) })
}

export async function askWith(
  { method, path, row }: Asked,
  { world, caller, params }: { world: World; caller: Caller; params: Params },
): Promise<Answer> {
  const body = await row.body?.({ world, caller, params })
  const headers = {
    ...(caller.authorization && { authorization: caller.authorization }),
    ...(worksInTeam(row, caller) && { 'x-workspace': world.team }),
    ...row.headers,
  }
  const target = `${filled(path, params)}${row.query ? `?${row.query}` : ''}`
  return callWith(world.app.url, headers, [method, target, body])
}

/** Where the path's workspace counts, members come from their own, in which they are owners. */
const worksInTeam = ({ where }: Row, { name }: Caller) =>
  where === 'active' && (name === 'viewer' || name === 'editor' || name === 'owner')

/** Administrators see everybody's: to them nothing is foreign. */
export const belongingsOf = ({ object, least }: Row): Belonging[] => {
  if (!object) return ['none']
  return least === 'admin' ? ['own', 'absent'] : ['own', 'foreign', 'absent']
}
