import { batchesOf } from '../failure-scope.ts'
import type { Refreshed, RefreshTarget } from '../platform.ts'
import { idsPerCall, statisticsBy } from './youtube.calls.ts'
import type { YoutubeClient } from './youtube.client.ts'
import { metricsOf } from './youtube.mapping.ts'

/** 50 videos a call, out of a quota that nothing else draws on. A video left out is gone. */
export async function* refresh(
  client: YoutubeClient,
  targets: RefreshTarget[],
): AsyncGenerator<Refreshed[], void> {
  const videos = targets.filter((target) => target.kind === 'video')
  for (const batch of batchesOf(videos, idsPerCall)) {
    const found = await statisticsBy(client, [...new Set(batch.map((one) => one.externalId))])
    yield batch.map(({ ref, externalId }) => {
      const statistics = found.get(externalId)
      return { ref, metrics: statistics === undefined ? null : metricsOf(statistics) }
    })
  }
}
