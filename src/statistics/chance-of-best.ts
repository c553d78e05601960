const simulations = 1_000

/** What is known of one place: where its effect lies, and how surely. */
export type Belief = { mean: number; spread: number }

/** How often each is among the best `best` when every effect is drawn from what is known of it. */
export function chancesOfBest(beliefs: readonly Belief[], best: number): number[] {
  const wins = new Array<number>(beliefs.length).fill(0)
  const normal = normals()
  for (let round = 0; round < simulations; round++) {
    for (const place of topOf(beliefs, normal, best)) wins[place] = (wins[place] ?? 0) + 1
  }
  return wins.map((count) => count / simulations)
}

/** The places of the greatest draws, by insertion: there are few of them. */
function topOf(beliefs: readonly Belief[], normal: () => number, best: number): number[] {
  const places: number[] = []
  const effects: number[] = []
  for (const [place, { mean, spread }] of beliefs.entries()) {
    const effect = mean + spread * normal()
    let at = effects.length
    while (at > 0 && effect > (effects[at - 1] ?? Infinity)) at--
    if (at >= best) continue
    effects.splice(at, 0, effect)
    places.splice(at, 0, place)
    if (effects.length > best) {
      effects.pop()
      places.pop()
    }
  }
  return places
}

/** Box and Muller's pairs from mulberry32: the same in every run. */
function normals(): () => number {
  let state = 1_337
  let kept: number | null = null
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return () => {
    if (kept !== null) {
      const value = kept
      kept = null
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    kept = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}
