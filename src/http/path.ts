import type { AnyRoute } from './route.ts'

/** '/api/jobs/{id}' -> '/api/jobs/:id' */
export const expressPath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1')

const rank = (path: string) => path.replace(/\{\w+\}/g, '\uffff')

/** Words before parameters, so that /api/jobs/due is never taken for a job called 'due'. */
export const byPrecision = (a: AnyRoute, b: AnyRoute) => {
  const [left, right] = [rank(a.path), rank(b.path)]
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** Says which methods a path knows; none: nothing is there. */
export function methodsByPath(routes: readonly AnyRoute[]): (path: string) => string[] {
  const patterns = routes.map(({ path, method }) => ({
    pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
    method: method.toUpperCase(),
  }))
  return (path) => {
    const known = new Set(patterns.filter((p) => p.pattern.test(path)).map((p) => p.method))
    if (known.has('GET')) known.add('HEAD')
    return [...known].toSorted()
  }
}
