import { accessRows } from '../../test/support/access-rows.ts'
import { apiRoutes } from '../../test/support/api-routes.ts'
import { belongingsOf } from '../../test/support/matrix/ask.ts'
import { callers } from '../../test/support/matrix/callers.ts'
import { printMatrix } from '../../test/support/matrix/print.ts'
import type { Verdict } from './verdicts.ts'

/** Of the table that SEC-11's tests ask their way through, cell by cell. */
export type Matrix = { routes: number; withoutRow: string[]; callers: number; checks: number }

export function readMatrix(): Matrix {
  const rows = Object.values(accessRows)
  const withoutRow = apiRoutes()
    .map(({ method, path }) => `${method} ${path}`)
    .filter((name) => !accessRows[name])
  const checks = rows.reduce((sum, row) => sum + belongingsOf(row).length * callers.length, 0)
  return { routes: rows.length, withoutRow, callers: callers.length, checks }
}

/** `kept` is said by the run, never by the table. */
export function matrixLine(matrix: Matrix, verdicts: Verdict[]): string {
  const state = verdicts.find(({ id }) => id === 'SEC-11')?.state ?? 'not asked'
  const gaps = matrix.withoutRow.length
  return (
    `Access matrix: ${matrix.routes} routes, ${matrix.callers} callers, on things of their own, of ` +
    `others and of nobody: ${matrix.checks} requests; ${state}` +
    (gaps ? `; without a row: ${matrix.withoutRow.join(', ')}` : '')
  )
}

export const matrixTable = (): string => printMatrix()
