import type { Row } from './matrix/row.ts'
import { accountRows } from './rows/account.rows.ts'
import { analyticsRows } from './rows/analytics.rows.ts'
import { collectionRows } from './rows/collection.rows.ts'
import { feedbackRows } from './rows/feedback.rows.ts'
import { operationsRows } from './rows/operations.rows.ts'
import { workspaceRows } from './rows/workspace.rows.ts'

/**
 * What each route asks of its callers: the promise, written by hand. The routes declare the same for
 * themselves; where the two differ, one of them is wrong. A new route takes one line in rows/.
 */
export const accessRows: Record<string, Row> = {
  ...accountRows,
  ...workspaceRows,
  ...collectionRows,
  ...analyticsRows,
  ...feedbackRows,
  ...operationsRows,
}
