import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import type { Actor } from '../../../core/actor.ts'
import { AppError, invalidField, notFound } from '../../../core/errors.ts'
import { type ExperimentRow, findExperiment, findKnownIds } from './experiments.queries.ts'
import {
  insertExperiment,
  mostExperiments,
  removeExperiment,
  renameExperiment,
  stopExperiment,
} from './experiments.repository.ts'
import type { ChangeExperiment, NewExperiment } from './experiments.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

const dayMs = 86_400_000
const usualBaselineDays = 28
const mostDays = 366

const object = (id: string) => ({ kind: 'experiment', id })

/** States a hypothesis. What it names must be there, and its times in order. */
export async function createExperiment(
  ctx: Needs,
  { workspaceId, userId }: Pick<Actor, 'workspaceId' | 'userId'>,
  input: NewExperiment,
): Promise<ExperimentRow> {
  const now = ctx.clock.now()
  const dated = withTimes(input, now)
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    await assertKnown(em, input)
    const made = await insertExperiment(em, { workspaceId, userId, now }, dated)
    if (!made) {
      throw new AppError(
        'conflict',
        `A workspace keeps ${mostExperiments} experiments: delete one that you no longer need.`,
      )
    }
    await recordAudit(
      { ...ctx, em },
      { action: 'experiment.created', workspaceId, object: object(made.id) },
    )
    return made
  })
}

function withTimes(input: NewExperiment, now: Date) {
  const startsAt = input.startsAt ?? now.toISOString()
  const startMs = Date.parse(startsAt)
  const baselineFrom =
    input.baselineFrom ?? new Date(startMs - usualBaselineDays * dayMs).toISOString()
  const endMs = Date.parse(input.endsAt)
  if (Date.parse(baselineFrom) >= startMs) {
    throw invalidField('/baselineFrom', 'must lie before startsAt')
  }
  if (endMs <= startMs) throw invalidField('/endsAt', 'must lie after startsAt')
  if (endMs - startMs > mostDays * dayMs) {
    throw invalidField('/endsAt', `lies more than ${mostDays} days after startsAt`)
  }
  if (startMs - Date.parse(baselineFrom) > mostDays * dayMs) {
    throw invalidField('/baselineFrom', `lies more than ${mostDays} days before startsAt`)
  }
  return { ...input, startsAt, baselineFrom }
}

async function assertKnown(em: EntityManager, { treatment }: NewExperiment): Promise<void> {
  const isCoaching = treatment.kind === 'coach_authors'
  const ids = isCoaching ? treatment.authorIds : (treatment.sources ?? [])
  if (ids.length === 0) return
  const known = await findKnownIds(em, isCoaching ? 'authors' : 'sources', ids)
  const unknown = ids.find((id) => !known.has(id))
  if (unknown === undefined) return
  const [pointer, noun] = isCoaching
    ? ['/treatment/authorIds', 'author']
    : ['/treatment/sources', 'source']
  throw invalidField(pointer, `There is no ${noun} ${unknown} here`)
}

export async function getExperiment(em: EntityManager, id: string): Promise<ExperimentRow> {
  const found = await findExperiment(em, id)
  if (!found) throw notFound('Experiment')
  return found
}

/** Renames it or ends it for good. What is measured cannot be changed afterwards. */
export async function changeExperiment(
  ctx: Needs,
  workspaceId: string,
  id: string,
  { name, stop }: ChangeExperiment,
): Promise<ExperimentRow> {
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    await getExperiment(em, id)
    if (name !== undefined) await renameExperiment(em, id, name)
    if (stop && !(await stopExperiment(em, id, ctx.clock.now()))) {
      throw new AppError('conflict', 'This experiment is over already')
    }
    const action = stop ? 'experiment.stopped' : 'experiment.updated'
    await recordAudit({ ...ctx, em }, { action, workspaceId, object: object(id) })
    return getExperiment(em, id)
  })
}

export async function deleteExperiment(ctx: Needs, workspaceId: string, id: string): Promise<void> {
  await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    if (!(await removeExperiment(em, id))) throw notFound('Experiment')
    await recordAudit(
      { ...ctx, em },
      { action: 'experiment.deleted', workspaceId, object: object(id) },
    )
  })
}
