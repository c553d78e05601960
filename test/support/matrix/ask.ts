import type { Answer } from '../app.ts'
import { callWith } from '../team.ts'
import type { Caller, Params, World } from './callers.ts'
import { absentId, objects } from './objects.ts'
import type { Belonging, Row } from './row.ts'

export type Asked = { method: string; path: string; row: Row }

const filled = (path: string, params: Params) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? absentId)

const ofOurs = new Map<string, Promise<Params>>()

/** The ids that the request names; `absent` has none, and what is missing becomes one of nobody. */
async function paramsFor(
  { row }: Asked,
  { world, caller, belonging }: { world: World; caller: Caller; belonging: Belonging },
): Promise<Params> {
  if (!row.object || belonging === 'none') return row.params ?? {}
  if (belonging === 'absent') return { id: absentId }
  const { own, foreign } = objects[row.object]
  const make = () => (belonging === 'own' ? own(world, caller) : foreign(world))
  if (row.fresh || row.where === 'self') return make()
  const key = `${row.object} ${belonging}`
  const made = ofOurs.get(key) ?? make()
  ofOurs.set(key, made)
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
