import { anomalyTruth } from './analytics/anomalies.truth.ts'
import { burstTruth } from './analytics/bursts.truth.ts'
import { forecastTruth } from './analytics/forecast.truth.ts'
import { postingTimesTruth } from './analytics/posting-times.truth.ts'
import type { Bench } from './figure.ts'

/** Worlds with a truth that we planted: what the estimators find of it, beside simpler ones. */
export const truths: Bench = {
  name: 'truths',
  summary: 'bursts, anomalies, posting times and forecasts in worlds whose truth is known',
  run: async (say) =>
    [burstTruth, anomalyTruth, postingTimesTruth, forecastTruth].flatMap((judge) => judge(say)),
}
