import type { Context } from '../../../../context.ts'
import { type Anomaly, findAnomalies } from '../../../../statistics/anomalies.ts'
import { medianAndSpread } from '../../../../statistics/quantile.ts'
import { known } from '../../../../statistics/series.ts'
import { findHoles } from '../../../coverage/index.ts'
import { localIso } from '../../frame/buckets.ts'
import type { Scope } from '../../frame/scope.ts'
import { type Step, seriesOf } from '../series/series.service.ts'
import { metricOf } from '../series/trend-metrics.ts'
import { type Aligned, alignedToClock } from './aligned.ts'
import { type BestPostRow, findBestPosts } from './anomalies.queries.ts'
import type { AnomaliesQuery, AnomalyView } from './anomalies.schemas.ts'
import { holesIn, type SourceChange, sourceChangesIn } from './data-events.ts'

const seasons = { hour: 168, day: 7 }
const most = 50
/** Of so many the posts are told. */
const withPosts = 10

const iso = (ms: number) => new Date(ms).toISOString()

/** What does not fit its own past, apart from what is only a hole or a change of our own watching. */
export async function anomaliesOf(
  ctx: Pick<Context, 'em' | 'clock'>,
  scope: Scope,
  asked: Omit<AnomaliesQuery, keyof Scope | 'days'>,
) {
  const metric = metricOf(asked.metric)
  const steps = await seriesOf(ctx, { ...asked, scope, metric })
  const aligned = alignedToClock(steps, asked.bucket)
  const reason = whyNot(aligned, seasons[asked.bucket], metric.counts)
  const found = reason
    ? []
    : strongest(
        findAnomalies(aligned.series, {
          season: seasons[asked.bucket],
          threshold: asked.threshold,
          counts: metric.counts,
        }),
      )
  const changes = sourceChangesIn(aligned.steps)
  const isOurs = (anomaly: Anomaly) =>
    changes.some((change) => explains(change, anomaly, asked.bucket))
  const views = await presentAll(ctx, scope, aligned, found)
  return {
    buckets: known(aligned.series).length,
    reason,
    anomalies: views.filter(({ anomaly }) => !isOurs(anomaly)).map(({ view }) => view),
    ours: views.filter(({ anomaly }) => isOurs(anomaly)).map(({ view }) => view),
    holes: holesIn(steps, await findHoles(ctx.em, scope)),
    sourceChanges: changes.map(({ atMs, before, after }) => ({ at: iso(atMs), before, after })),
  }
}

function whyNot({ series }: Aligned, season: number, counts: boolean) {
  const values = known(series)
  if (values.length < 2 * season) return 'too_short' as const
  // Where most values are one and the same, any other would be infinitely far from it.
  const varies = counts || (medianAndSpread(values)?.spread ?? 0) > 0
  return varies ? null : ('constant' as const)
}

const strongest = (found: readonly Anomaly[]): Anomaly[] =>
  found
    .toSorted((one, other) => Math.abs(other.z) - Math.abs(one.z))
    .slice(0, most)
    .toSorted((one, other) => one.from - other.from)

/**
 * A source that is added brings its newest posts of the time before as well, so what lies close to
 * the change is ours. A level shift is what it begins with.
 */
function explains({ index }: SourceChange, { kind, from, to }: Anomaly, bucket: 'hour' | 'day') {
  const reach = Math.max(3, Math.round(seasons[bucket] / 7))
  const end = kind === 'level_shift' ? from : to
  return index >= from - reach && index <= end + reach
}

type Placed = { anomaly: Anomaly; peak: Step | null; first: Step; last: Step }

function placedIn({ steps }: Aligned, anomaly: Anomaly): Placed[] {
  const own = steps.slice(anomaly.from, anomaly.to + 1).filter((step) => step !== null)
  const [first, last] = [own[0], own.at(-1)]
  if (!first || !last) return []
  return [{ anomaly, first, last, peak: peakOf(own, anomaly) }]
}

function peakOf(own: readonly Step[], { kind }: Anomaly): Step | null {
  if (kind === 'dip') return null
  if (kind === 'level_shift') return own[0] ?? null
  return own.reduce((one, other) => ((other.value ?? 0) > (one.value ?? 0) ? other : one))
}

async function presentAll(
  { em }: Pick<Context, 'em'>,
  scope: Scope,
  aligned: Aligned,
  found: readonly Anomaly[],
): Promise<{ anomaly: Anomaly; view: AnomalyView }[]> {
  const placed = found.flatMap((anomaly) => placedIn(aligned, anomaly))
  const told = placed
    .filter(({ peak }) => peak !== null)
    .toSorted((one, other) => Math.abs(other.anomaly.z) - Math.abs(one.anomaly.z))
    .slice(0, withPosts)
  const best = await findBestPosts(
    em,
    scope,
    told.flatMap(({ peak }) => (peak ? [peak] : [])),
  )
  return placed.map((one) => ({
    anomaly: one.anomaly,
    view: { ...presentOne(one), posts: presentPosts(best.get(told.indexOf(one) + 1) ?? []) },
  }))
}

const presentOne = ({ anomaly: { kind, actual, expected, z, from, to }, first, last }: Placed) => ({
  from: iso(first.fromMs),
  to: iso(last.toMs),
  local: localIso(first.fromMs, first.offsetMs),
  kind,
  actual,
  expected,
  z,
  buckets: to - from + 1,
})

const presentPosts = (posts: readonly BestPostRow[]): AnomalyView['posts'] =>
  posts.map((post) => ({
    id: post.id,
    sourceId: post.source_id,
    title: post.title,
    url: post.url,
    publishedAt: post.published_at.toISOString(),
    engagement: post.engagement === null ? null : Number(post.engagement),
    views: post.views === null ? null : Number(post.views),
  }))
