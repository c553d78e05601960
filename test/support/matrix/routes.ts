import { accessRows } from '../access-rows.ts'
import { type ApiRoute, apiRoutes } from '../api-routes.ts'
import type { Asked } from './ask.ts'

export type AskedRoute = ApiRoute & Asked

/** Every route that has a row, with its name for a test's title. */
export const askedRoutes = (): [name: string, route: AskedRoute][] =>
  apiRoutes().flatMap((route): [string, AskedRoute][] => {
    const name = `${route.method} ${route.path}`
    const row = accessRows[name]
    return row ? [[name, { ...route, row }]] : []
  })
