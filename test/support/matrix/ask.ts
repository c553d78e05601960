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

type Given = { world: World; caller: Caller }

/** One request of the matrix: a right one, but for who asks and what it names. */
export async function ask(asked: Asked, given: Given & { belonging: Belonging }): Promise<Answer> {
  return askWith(asked, { ...given, params: await paramsFor(asked, given) })
}

export async function askWith(asked: Asked, given: Given & { params: Params }): Promise<Answer> {
  return send(given.world, await requestFor(asked, given))
}

export type MadeRequest = {
  headers: Record<string, string>
  method: string
  target: string
  body: unknown
}

export const send = ({ app }: World, { headers, method, target, body }: MadeRequest) =>
  callWith(app.url, headers, [method, target, body])

/** The request as it would be sent: to be bent before it is. */
async function requestFor(
  { method, path, row }: Asked,
  { world, caller, params }: Given & { params: Params },
): Promise<MadeRequest> {
  const headers = {
    ...(caller.authorization && { authorization: caller.authorization }),
    ...(worksInTeam(row, caller) && { 'x-workspace': world.team }),
    ...row.headers,
  }
  const query = typeof row.query === 'function' ? row.query(params) : row.query
  const target = `${filled(path, params)}${query ? `?${query}` : ''}`
  return { headers, method, target, body: await row.body?.({ world, caller, params }) }
}

/** By whom a route may be asked, for tests that are about something else. null: by a machine. */
export async function rightRequest(asked: Asked, world: World): Promise<MadeRequest | null> {
  const { least } = asked.row
  if (least === 'operator' || least === 'local operator') return null
  const name = least === 'anyone' ? 'anonymous' : least === 'admin' ? 'admin' : 'owner'
  const caller = await world.caller(name, false)
  const belonging = asked.row.object ? 'own' : 'none'
  const params = await paramsFor(asked, { world, caller, belonging })
  return requestFor(asked, { world, caller, params })
}

/** Where the path's workspace counts, members come from their own, in which they are owners. */
const worksInTeam = ({ where }: Row, { name }: Caller) =>
  where === 'active' && (name === 'viewer' || name === 'editor' || name === 'owner')

/** Administrators see everybody's: to them nothing is foreign. */
export const belongingsOf = ({ object, least }: Row): Belonging[] => {
  if (!object) return ['none']
  return least === 'admin' ? ['own', 'absent'] : ['own', 'foreign', 'absent']
}
