import fc from 'fast-check'

/** Stands for nesting that JSON.stringify itself could not write. */
const deepMark = '@deep@'
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`

/** What no platform should send in a field, and may one day. */
const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -1, 1.5, 1e300, -1e300, 2 ** 60, '', ' ', '0', '-1', 'NaN'],
    ...['x'.repeat(1_000_000), '9'.repeat(400), '\u0000', 'a\u0000\u0007\u001b[2Jb', '\\u0000'],
    ...['\ud800', '\udfff\ud800', '\u202e#x', '2026-13-45T99:99:99Z', '9999999-01-01T00:00:00Z'],
    ...[[], [null], [[]], {}, { a: 1 }, { length: -1 }, { toString: 1 }, deepMark],
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3 }),
)

/** One answer of those that were recorded, and what happens to some places in it. */
export type Mutation = {
  answer: number
  changes: { place: number; change: 'replace' | 'drop' | 'add' | 'repeat'; value: unknown }[]
}

export const mutations: fc.Arbitrary<Mutation> = fc.record({
  answer: fc.nat(),
  changes: fc.array(
    fc.record({
      place: fc.nat(),
      change: fc.constantFrom('replace', 'replace', 'drop', 'add', 'repeat'),
      value: strange,
    }),
    { minLength: 1, maxLength: 3 },
  ),
})

type Place = { holder: { [key: string]: unknown }; key: string }

function placesIn(holder: { [key: string]: unknown }): Place[] {
  return Object.entries(holder).flatMap(([key, value]): Place[] => [
    { holder, key },
    ...(typeof value === 'object' && value !== null ? placesIn(value as Place['holder']) : []),
  ])
}

function change(
  { holder, key }: Place,
  { change: how, ...given }: Mutation['changes'][number],
): void {
  // Of its own each time: one put into itself has no end.
  const value = structuredClone(given.value)
  const here = holder[key]
  if (how === 'drop' && Array.isArray(holder)) holder.splice(Number(key), 1)
  else if (how === 'drop') delete holder[key]
  else if (how === 'repeat' && Array.isArray(here)) here.push(...structuredClone(here))
  else if (how === 'add' && typeof here === 'object' && here !== null)
    Object.assign(here, { aNewField: value })
  else holder[key] = value
}

/** The answer's text after the changes; the original is left as it is. */
export function mutated(answer: unknown, { changes }: Mutation): string {
  const root = { answer: structuredClone(answer) }
  for (const one of changes) {
    const places = placesIn(root)
    const place = places[one.place % Math.max(1, places.length)]
    if (place) change(place, one)
  }
  const text = JSON.stringify(root.answer) ?? ''
  return text.replaceAll(JSON.stringify(deepMark), deep)
}
