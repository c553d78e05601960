import type { Context } from '../../../context.ts'
import {
  differenceInDifferences,
  type Estimate,
  type LiftCell,
  liftWithin,
  type Unknown,
} from '../../../statistics/lift.ts'
import { countPosts } from '../frame/count-posts.queries.ts'
import { type Figure, figure } from '../frame/figure.ts'
import { stretchesOf } from '../frame/local-time.ts'
import { timeSample } from '../frame/time-sample.ts'
import {
  type AuthorChange,
  findAuthorChanges,
  findControlAuthors,
} from './author-changes.queries.ts'
import type { Measurement } from './experiments.schemas.ts'
import { findCellsByPromotion, findCellsBySlots, type Window } from './treated-posts.queries.ts'
import { slotsOf, type Treatment } from './treatment.ts'

type Needs = Pick<Context, 'em'>

export type Measured = {
  treatment: Treatment
  metric: Window['metric']
  /** ISO 8601, UTC: the baseline begins, the treatment begins, and up to where posts are ripe. */
  baselineFrom: string
  startsAt: string
  until: string
}

const mostPosts = 50_000
/** Among so many posts more than enough other authors come by. */
const postsForControls = 2_000

/** What was treated against what was not, in the experiment's window up to now. */
export function measure(ctx: Needs, experiment: Measured): Promise<Measurement> {
  const { treatment } = experiment
  if (treatment.kind === 'coach_authors') {
    return measureAuthors(ctx, experiment, treatment.authorIds)
  }
  return measureWithinSources(ctx, experiment, treatment)
}

async function measureWithinSources(
  ctx: Needs,
  { baselineFrom, startsAt, until, metric }: Measured,
  treatment: Exclude<Treatment, { kind: 'coach_authors' }>,
): Promise<Measurement> {
  const window = { from: startsAt, to: until, sources: treatment.sources, metric }
  const now = await cellsOf(ctx, window, treatment)
  const before =
    treatment.kind === 'posting_times'
      ? await cellsOf(ctx, { ...window, from: baselineFrom, to: startsAt }, treatment)
      : null
  const estimate = liftWithin(now.cells)
  return {
    method: 'within_sources',
    ...presentEstimate(estimate, postsIn(now.cells)),
    witnesses: witnessesOf(estimate, 'sources'),
    before: before && presentEstimate(liftWithin(before.cells), postsIn(before.cells)).effect,
    treated: sideOf(now.cells, true),
    control: sideOf(now.cells, false),
    from: startsAt,
    to: until,
    sampledShare: 1 / now.every,
  }
}

async function cellsOf(
  { em }: Needs,
  window: Window,
  treatment: Exclude<Treatment, { kind: 'coach_authors' }>,
) {
  const [fromMs, toMs] = [Date.parse(window.from), Date.parse(window.to)]
  const posts = await countPosts(em, window)
  const sample = timeSample(fromMs, toMs, Math.ceil(posts / mostPosts))
  const cells =
    treatment.kind === 'promotion'
      ? await findCellsByPromotion(em, window, sample)
      : await findCellsBySlots(em, window, sample, {
          slots: slotsOf(treatment),
          clocks: stretchesOf(treatment.zone, fromMs, toMs),
        })
  return { cells, every: sample.every }
}

async function measureAuthors(
  { em }: Needs,
  { baselineFrom, startsAt, until, metric }: Measured,
  authorIds: readonly string[],
): Promise<Measurement> {
  const window = { from: baselineFrom, to: until, sources: undefined, metric }
  const before = { from: baselineFrom, to: startsAt, sources: undefined }
  const every = Math.ceil((await countPosts(em, before)) / postsForControls)
  const sample = timeSample(Date.parse(baselineFrom), Date.parse(startsAt), every)
  const others = await findControlAuthors(em, authorIds, sample)
  const changes = await findAuthorChanges(em, [...authorIds, ...others], window, startsAt)
  const coached = new Set(authorIds)
  const treated = changes.filter(({ authorId }) => coached.has(authorId))
  const control = changes.filter(({ authorId }) => !coached.has(authorId))
  const estimate = differenceInDifferences(treated.map(changeOf), control.map(changeOf))
  const [own, other] = [authorsIn(treated), authorsIn(control)]
  return {
    method: 'difference_in_differences',
    ...presentEstimate(estimate, own.posts + other.posts),
    witnesses: witnessesOf(estimate, 'authors'),
    before: null,
    treated: own,
    control: other,
    from: baselineFrom,
    to: until,
    sampledShare: 1,
  }
}

const changeOf = ({ before, after }: AuthorChange) => after.mean - before.mean
const authorsIn = (changes: readonly AuthorChange[]) => ({
  posts: changes.reduce((total, { before, after }) => total + before.n + after.n, 0),
  units: changes.length,
})

const postsIn = (cells: readonly LiftCell[]) => cells.reduce((total, { n }) => total + n, 0)
function sideOf(cells: readonly LiftCell[], treated: boolean) {
  const own = cells.filter((cell) => cell.treated === treated)
  return { posts: postsIn(own), units: new Set(own.map(({ cluster }) => cluster)).size }
}

const witnessesOf = (estimate: Estimate | Unknown, clusters: 'sources' | 'authors') => {
  if (estimate.lift === null) return null
  return estimate.witnesses === 'clusters' ? clusters : 'posts'
}

function presentEstimate(
  estimate: Estimate | Unknown,
  n: number,
): { effect: Figure; pValue: number | null } {
  if (estimate.lift === null) {
    return { effect: figure('measured_lift', null, n, estimate.reason), pValue: null }
  }
  const { lift, interval, pValue } = estimate
  return {
    effect: { ...figure('measured_lift', lift, n), ...interval, level: 0.95 },
    pValue,
  }
}
