import type { EntityManager } from '@mikro-orm/postgresql'
import { AppError } from '../../core/errors.ts'
import { rows, sql } from '../../database/sql.ts'

export type PickedWorkspace = { id: string; name: string; others: number }

/**
 * The workspace that somebody at the terminal means: by id or by name, else the oldest one. Only for
 * who may see all of them: no membership is asked for. Throws where none fits, or several have the name.
 */
export async function pickWorkspace(em: EntityManager, wanted?: string): Promise<PickedWorkspace> {
  const all = await rows(
    em,
    sql<{ id: string; name: string }>`select id, name from workspaces order by id`,
  )
  const found = wanted === undefined ? all.slice(0, 1) : meant(all, wanted)
  const [first] = found
  if (!first) {
    throw new AppError(
      'not_found',
      wanted === undefined
        ? 'There is no workspace yet: `users create` opens one, `seed` fills one.'
        : `There is no workspace '${wanted}'.`,
    )
  }
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ')
    throw new AppError('conflict', `Several workspaces are named '${wanted}': say one of ${ids}.`)
  }
  return { ...first, others: all.length - 1 }
}

function meant<W extends { id: string; name: string }>(all: readonly W[], wanted: string): W[] {
  const byId = all.filter(({ id }) => id === wanted)
  return byId.length > 0 ? byId : all.filter(({ name }) => name === wanted)
}
