import type { Context } from '../../../context.ts'
import { notFound } from '../../../core/errors.ts'
import { downsample } from '../../../statistics/downsample.ts'
import { frameOf } from '../frame/answer.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { figure } from '../frame/figure.ts'
import type { PostComparisonView } from './comparison.schemas.ts'
import { rounded } from './figures.ts'
import { ages, type Compared } from './measure.ts'
import { findPeers, type PeerRow } from './peers.queries.ts'
import { type CurveRow, findBrief, findCurve } from './post-comparison.queries.ts'
import { inWords, quartilesOf, timesTheMedian } from './standing.ts'
import { presentBrief } from './top.service.ts'

type Needs = Pick<Context, 'em' | 'clock'>

/** One post's growth beside what its source's posts had at the same ages. */
export async function comparePost(
  { em, clock }: Needs,
  id: string,
  asked: Compared | undefined,
): Promise<PostComparisonView> {
  const post = await findBrief(em, id)
  if (!post) throw notFound('Post')
  const measure = asked ?? (post.kind === 'stream' ? 'viewers' : 'engagement')
  const curve = await findCurve(em, post, measure)
  const peers = await findPeers(em, [id], measure, 'every')
  const publishedAt = new Date(post.published_at)
  // A premiere is published before its time.
  const to = new Date(Math.max(publishedAt.getTime(), clock.now().getTime()))
  const scope = {
    source: post.source_id,
    from: publishedAt.toISOString(),
    to: to.toISOString(),
  }
  return {
    ...(await frameOf({ em }, scope)),
    definitions: definitionsOf([measure, 'median_at_age', 'times_the_median']),
    post: presentBrief(post),
    measure,
    curve: downsample(curve, ({ value }) => value).map(presentPoint),
    ages: ages.map((age) =>
      presentAge(
        age,
        peers.find((row) => row.age_hours === age),
      ),
    ),
  }
}

function presentPoint(bucket: ReturnType<typeof downsample<CurveRow>>[number]) {
  const { first, last, mean, min, max, n } = bucket
  return {
    ageHours: rounded((first.age_s + last.age_s) / 2 / 3_600),
    value: mean === null ? null : rounded(mean),
    min,
    max,
    n,
  }
}

function presentAge(age: number, row: PeerRow | undefined): PostComparisonView['ages'][number] {
  const reason = 'no_sample_near_this_age'
  if (!row) {
    return {
      ageHours: age,
      value: null,
      sampledAgeHours: null,
      others: quartilesOf([], reason),
      timesTheMedian: figure('times_the_median', null, 0, reason),
      inWords: null,
    }
  }
  const times = timesTheMedian(row)
  return {
    ageHours: age,
    value: row.value,
    sampledAgeHours: rounded(row.age_s / 3_600),
    others: quartilesOf(row.peers, 'no_other_post_of_this_kind'),
    timesTheMedian: times,
    inWords: inWords(times, age),
  }
}
