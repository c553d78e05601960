import type { CallerName } from './callers.ts'
import type { Belonging, Role, Row } from './row.ts'

/** right: not refused for who asks or what is named; what else the route may say is its own. */
export type Expected = 'right' | 401 | 403 | 404

const unknown: CallerName[] = ['anonymous', 'ended session', 'disabled person']
const tokenScopes: Partial<Record<CallerName, string[]>> = {
  'read token': ['read'],
  'write token': ['write'],
  'export token': ['export'],
  'admin token': ['read', 'write', 'export'],
}
const ranks: Role[] = ['viewer', 'editor', 'owner']
const isRole = (least: Row['least']): least is Role => ranks.some((one) => one === least)
const isBelow = (role: Role, least: Row['least']) =>
  ranks.indexOf(role) < ranks.indexOf(least as Role)

/** In the team. null: no member. Whoever is none is the owner of a workspace of their own. */
const roleInTeam = (caller: CallerName): Role | null => {
  if (caller === 'viewer' || caller === 'editor') return caller
  return caller === 'stranger' || caller === 'admin' ? null : 'owner'
}

/** What a caller must be told, by the row alone. */
export function expected(row: Row, caller: CallerName, belonging: Belonging): Expected {
  if (row.least === 'anyone') return 'right'
  if (unknown.includes(caller)) return 401
  if (!isRole(row.least)) return caller === 'admin' ? hidden(belonging) : 403
  if (!holdsScope(row, caller)) return 403
  return places[row.where](row, roleInTeam(caller), belonging)
}

const hidden = (belonging: Belonging): Expected =>
  belonging === 'foreign' || belonging === 'absent' ? 404 : 'right'

function holdsScope({ scope }: Row, caller: CallerName): boolean {
  const held = tokenScopes[caller]
  return !held || held.some((one) => one === scope)
}

type Place = (row: Row, role: Role | null, belonging: Belonging) => Expected

const places: Record<Row['where'], Place> = {
  self: (_row, _role, belonging) => hidden(belonging),
  active: ({ least }, role, belonging) => {
    if (isBelow(role ?? 'owner', least)) return 403
    return role === null && belonging === 'own' ? 404 : hidden(belonging)
  },
  path: ({ least }, role, belonging) => {
    if (role === null || hidden(belonging) === 404) return 404
    return isBelow(role, least) ? 403 : 'right'
  },
}
