import { type Column, plain, sparkline, tableOf } from '../table.ts'
import type { Analysis } from './analyze.ts'
import { notKnown } from './not-known.ts'

type Platform = Analysis['platforms'][number]

/** An analysis for a person at a terminal; platforms of which there is nothing are passed over. */
export function reportInWords(workspace: string, told: Analysis): string {
  const active = told.platforms.filter(({ analytics }) => (analytics?.sources ?? 0) > 0)
  const period = `${told.from.slice(0, 10)} to ${told.to.slice(0, 10)}, ${told.request.zone}`
  const title = `${plain(workspace)}: ${period}`
  if (active.length === 0) return `${title}\n\nNothing is watched here yet: add sources first.`
  return [
    title,
    section('Overview', tableOf(overview, active)),
    section('Engagement', tableOf(engagement, active)),
    section('Engagement by day of publication', trends(active)),
    section('Best times', active.map(bestTimes).join('\n')),
    section('Sentiment', `${tableOf(sentiment, active)}\n${legend}`),
    section('Top content', topContent(active)),
    section('Coverage', tableOf(coverage, active)),
    section('What is not known', notKnown(active)),
  ].join('\n\n')
}

const section = (title: string, text: string) => `${title}\n${'━'.repeat(title.length)}\n${text}`

const overview: Column<Platform>[] = [
  { title: 'platform', of: ({ platform }) => platform },
  { title: 'sources', of: ({ analytics }) => analytics?.sources },
  { title: 'posts', of: ({ analytics }) => analytics?.posts },
  { title: 'comments', of: ({ analytics }) => analytics?.comments },
  { title: 'days with posts', of: ({ analytics }) => analytics?.activeDays },
  { title: 'posts a day', of: ({ postingFrequency }) => postingFrequency?.value, digits: 2 },
]

const engagement: Column<Platform>[] = [
  { title: 'platform', of: ({ platform }) => platform },
  { title: 'views', of: (one) => one.engagement?.totals.views.value },
  { title: 'interactions', of: (one) => one.engagement?.totals.engagement.value },
  { title: 'a post', of: (one) => one.engagement?.perPost.engagement.value, digits: 1 },
  {
    title: '% of followers',
    of: (one) => one.engagement?.meansOfRatios.erByFollowers.value,
    digits: 3,
  },
  { title: '% of views', of: (one) => one.engagement?.meansOfRatios.erByViews.value, digits: 3 },
  { title: 'upvoted', of: (one) => one.engagement?.meansOfRatios.upvoteRatio.value, digits: 3 },
  {
    title: 'viewers',
    of: (one) => one.engagement?.platforms.twitch?.averageViewers.value,
    digits: 1,
  },
]

const widest = 60

const trends = (active: readonly Platform[]) =>
  tableOf(
    [
      { title: 'platform', of: ({ platform }) => platform },
      {
        title: 'series',
        of: ({ growth }) =>
          sparkline((growth?.series ?? []).slice(-widest).map(({ value }) => value)),
      },
      {
        title: 'against before',
        of: ({ growth }) => percent(growth?.engagement.againstBefore.value),
      },
    ],
    active,
  )

function percent(share: number | null | undefined): string | null {
  if (share === null || share === undefined) return null
  return `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %`
}

const bestTimes = ({ platform, postingTimes }: Platform) => `${platform}: ${postingTimes.summary}`

const barCells = 24
const legend = 'bar: − negative, · neutral, + positive. compound: its mean and where it lies, 95 %.'

const sentiment: Column<Platform>[] = [
  { title: 'platform', of: ({ platform }) => platform },
  { title: 'texts', of: (one) => one.sentiment?.total.n },
  { title: 'negative', of: (one) => percentOf(one, 'negative') },
  { title: 'neutral', of: (one) => percentOf(one, 'neutral') },
  { title: 'positive', of: (one) => percentOf(one, 'positive') },
  { title: 'bar', of: barOf },
  { title: 'compound', of: compoundOf },
]

type Mood = 'negative' | 'neutral' | 'positive'

function percentOf({ sentiment: told }: Platform, mood: Mood): string | null {
  const value = told?.total[mood].value
  return value === null || value === undefined ? null : `${(value * 100).toFixed(1)} %`
}

function barOf({ sentiment: told }: Platform): string | null {
  if (!told || told.total.n === 0) return null
  const cells = (mood: Mood) => Math.round((told.total[mood].value ?? 0) * barCells)
  const [negative, positive] = [cells('negative'), cells('positive')]
  const neutral = Math.max(0, barCells - negative - positive)
  return '−'.repeat(negative) + '·'.repeat(neutral) + '+'.repeat(positive)
}

function compoundOf({ sentiment: told }: Platform): string | null {
  const compound = told?.total.compound
  if (!compound || compound.value === null) return null
  const digits = (value = 0) => value.toFixed(2)
  const few = told.total.few ? ', few' : ''
  return `${digits(compound.value)} (${digits(compound.low)} to ${digits(compound.high)}${few})`
}

const bestPosts = 3

function topContent(active: readonly Platform[]): string {
  const best = active.flatMap(({ platform, topContent: items = [] }) =>
    items.slice(0, bestPosts).map((item) => ({ platform, ...item })),
  )
  if (best.length === 0) return 'No post of the period has interactions.'
  return tableOf(
    [
      { title: 'platform', of: ({ platform }) => platform },
      { title: 'interactions', of: ({ value }) => value.value },
      { title: 'against its source', of: ({ inWords }) => inWords },
      { title: 'post', of: ({ post }) => post.title ?? post.body },
    ],
    best,
  )
}

const coverage: Column<Platform>[] = [
  { title: 'platform', of: ({ platform }) => platform },
  { title: 'observed', of: (one) => percentObserved(one.coverage?.ratio) },
  { title: 'source-hours', of: (one) => one.coverage?.sourceHours, digits: 1 },
  { title: 'missed', of: (one) => one.coverage?.missedHours, digits: 1 },
  { title: 'gaps', of: (one) => one.coverage?.gaps },
  { title: 'posts may lack', of: (one) => one.coverage?.possiblyMissing },
]

const percentObserved = (ratio: number | null | undefined) =>
  ratio === null || ratio === undefined ? null : `${(ratio * 100).toFixed(2)} %`
