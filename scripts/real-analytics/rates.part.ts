import { ofMean } from '../../src/statistics/intervals.ts'
import { quantile } from '../../src/statistics/quantile.ts'
import { type Finding, type Part, percent, readRows, round } from '../real-analytics-data.ts'

type Video = {
  video_id: string
  day: string
  views: number
  likes: number
  dislikes: number
  comments: number
}
type Channel = { watch_time_min: number; stream_time_min: number; average_viewers: number }
type Game = { Month: number; Year: number; Hours_watched: number; Avg_viewers: number }

const part = 'rates'
const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0)

/** One rate both ways: each video one voice, or each view. */
function bothWays(name: string, videos: readonly Video[], of: (video: Video) => number): Finding[] {
  const seen = videos.filter(({ views }) => views > 0)
  const ratios = seen.map((video) => of(video) / video.views)
  const mean = sum(ratios) / ratios.length
  const within = ofMean(ratios)
  const ofSums = sum(seen.map(of)) / sum(seen.map(({ views }) => views))
  const interval = within ? ` (95 %: ${percent(within.low)}-${percent(within.high)})` : ''
  const value = `mean of ratios ${percent(mean)}${interval}, ratio of sums ${percent(ofSums)}`
  return [{ part, name: `YouTube trending, ${name}`, value, n: seen.length }]
}

/** How much a video's views grow from one day in the list to the next, by how long it has been there. */
function growth(panel: readonly Video[]): Finding[] {
  const byDay: number[][] = []
  let [pairs, shrunk] = [0, 0]
  for (const own of Map.groupBy(panel, ({ video_id }) => video_id).values()) {
    const inOrder = own.toSorted((one, other) => one.day.localeCompare(other.day))
    for (const [index, video] of inOrder.entries()) {
      const next = inOrder[index + 1]
      if (!next || video.views === 0 || Date.parse(next.day) - Date.parse(video.day) !== 86_400_000)
        continue
      pairs++
      if (next.views < video.views) shrunk++
      byDay[index] ??= []
      byDay[index].push(next.views / video.views)
    }
  }
  return [
    ...byDay.slice(0, 4).map((ratios, day) => ({
      part,
      name: `YouTube trending, views from day ${day + 1} to day ${day + 2} of the list: median (quartiles)`,
      value: `${round(quantile(ratios, 0.5))} (${round(quantile(ratios, 0.25))}-${round(quantile(ratios, 0.75))})`,
      n: ratios.length,
    })),
    {
      part,
      name: 'YouTube trending, views that went down overnight',
      value: percent(shrunk / pairs),
      n: pairs,
    },
  ]
}

/** Hours watched are average viewers times hours live: whether other people's figures agree. */
async function hoursWatched(): Promise<Finding[]> {
  const channels = await readRows<Channel>('twitch_top_streamers_2020')
  const ofChannels = channels.map(
    (one) => (one.average_viewers * one.stream_time_min) / one.watch_time_min,
  )
  const games = await readRows<Game>('twitch_games_monthly')
  const ofGames = games
    .filter(({ Hours_watched: watched }) => watched > 0)
    .map((one) => {
      const hours = new Date(Date.UTC(one.Year, one.Month, 0)).getUTCDate() * 24
      return (one.Avg_viewers * hours) / one.Hours_watched
    })
  const told = (name: string, ratios: readonly number[]) => ({
    part,
    name: `Twitch, average viewers times hours over hours watched, ${name}: median (5th-95th percentile)`,
    value: `${round(quantile(ratios, 0.5), 3)} (${round(quantile(ratios, 0.05), 3)}-${round(quantile(ratios, 0.95), 3)})`,
    n: ratios.length,
  })
  return [told('channels', ofChannels), told('games by month', ofGames)]
}

async function findings(): Promise<Finding[]> {
  const panel = await readRows<Video>('youtube_trending_US_2017')
  const first = [...Map.groupBy(panel, ({ video_id }) => video_id).values()].flatMap((own) =>
    own.toSorted((one, other) => one.day.localeCompare(other.day)).slice(0, 1),
  )
  return [
    ...bothWays('likes by views', first, ({ likes }) => likes),
    ...bothWays('engagement by views', first, ({ likes, comments }) => likes + comments),
    ...growth(panel),
    ...(await hoursWatched()),
  ]
}

export const rates: Part = { name: 'rates', findings }
