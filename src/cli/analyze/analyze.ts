import type { Context } from '../../context.ts'
import {
  postingTimesOf,
  type Report,
  ReportRequest,
  reportOf,
} from '../../features/analytics/index.ts'
import { parsed } from '../parsed.ts'
import type { AnalyzeOptions } from './analyze-options.ts'

type Times = Awaited<ReturnType<typeof postingTimesOf>>
type Platform = Report['platforms'][number]
export type Analysis = Omit<Report, 'platforms'> & {
  platforms: (Platform & { postingTimes: Times })[]
}

/** The report of the API with the best times of each platform, in the zone that was asked for. */
export async function analyzeWorkspace(
  ctx: Context,
  { days, platform, source, zone }: AnalyzeOptions,
  onProgress: (done: number, all: number) => void,
): Promise<Analysis> {
  const asked = parsed(ReportRequest, {
    days,
    zone,
    ...(platform && { platforms: [platform] }),
    ...(source && { source }),
  })
  const report = await reportOf(ctx, asked)
  const platforms: Analysis['platforms'] = []
  for (const one of report.platforms) {
    const scope = { platform: one.platform, source, from: report.from, to: report.to }
    platforms.push({ ...one, postingTimes: await postingTimesOf(ctx, scope, zone) })
    onProgress(platforms.length, report.platforms.length)
  }
  return { ...report, platforms }
}
