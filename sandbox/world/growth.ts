const hour = 3_600_000

/** How far a post has come (0..1) after `ageHours`, when half of it arrives in about `halfLife`. */
export function matured(ageHours: number, halfLife: number): number {
  if (ageHours <= 0) return 0
  // A power law: fast at first, with the long tail that posts have and an exponential lacks.
  const decay = 1.3
  const scale = halfLife / (2 ** (1 / decay) - 1)
  return 1 - (1 + ageHours / scale) ** -decay
}

/**
 * Hours of attention between two moments: people look more in their evening (`utcOffset` hours)
 * than at four in the morning. The integral of 1 - 0.55 cos(2 pi (t - 4 h) / 24 h), so it only grows.
 */
function attentionHours(fromMs: number, toMs: number, utcOffset: number): number {
  const integral = (ms: number) => {
    const t = ms / hour + utcOffset - 4
    return t - ((0.55 * 24) / (2 * Math.PI)) * Math.sin((2 * Math.PI * t) / 24)
  }
  return toMs <= fromMs ? 0 : integral(toMs) - integral(fromMs)
}

export type Growth = { bornMs: number; halfLife: number; utcOffset: number }

/** The part of its final numbers that a post has at `nowMs`. */
export const shareAt = ({ bornMs, halfLife, utcOffset }: Growth, nowMs: number) =>
  matured(attentionHours(bornMs, nowMs, utcOffset), halfLife)

/** When a post had `share` of its final numbers: the inverse of `shareAt`, to the millisecond. */
export function momentWhen(growth: Growth, share: number): number {
  // Attention is never further than 11 hours from the clock, so these bounds hold the answer.
  const decay = 1.3
  const scale = growth.halfLife / (2 ** (1 / decay) - 1)
  const attention = scale * ((1 - Math.min(share, 0.999999)) ** (-1 / decay) - 1)
  let low = growth.bornMs
  let high = growth.bornMs + (attention + 12) * hour
  while (high - low > 1) {
    const middle = (low + high) / 2
    if (attentionHours(growth.bornMs, middle, growth.utcOffset) < attention) low = middle
    else high = middle
  }
  return Math.ceil(high)
}

/** How many of `final` there are by now, for things that arrive one by one at `momentWhen`. */
export const counted = (final: number, share: number) => Math.floor(final * share + 1e-9)

/** An audience that drifts: compound growth a day, plus a slow wave so that it also falls. */
export function audienceAt(base: number, dailyGrowth: number, phase: number, days: number): number {
  const wave = 1 + 0.004 * Math.sin(days / 3.7 + phase) + 0.0015 * Math.sin(days * 1.9 + phase)
  return Math.max(0, Math.round(base * Math.exp(dailyGrowth * days) * wave))
}
