import type { RequestHandler } from 'express'
import { AppError } from '../core/errors.ts'
import { methodsByPath } from './path.ts'
import { HttpProblem } from './problem.ts'
import type { AnyRoute } from './route.ts'

/** The end of the line: a wrong method on a path we know, or no path of ours. */
export function unmatched(routes: readonly AnyRoute[]): RequestHandler {
  const methodsOf = methodsByPath(routes)
  return (request, response, next) => {
    const methods = methodsOf(request.path)
    if (methods.length === 0) {
      next(new AppError('not_found', 'Nothing is under this path.'))
      return
    }
    response.setHeader('Allow', [...methods, 'OPTIONS'].join(', '))
    const detail = `${request.method} is not offered here, but ${methods.join(', ')}.`
    next(new HttpProblem({ status: 405, code: 'method_not_allowed', detail }))
  }
}
