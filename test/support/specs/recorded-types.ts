import type { Json } from './json-schema.ts'

/** The names that were ever recorded in one kind of object, each with the types of its values. */
export type RecordedTypes = Map<string, Set<string>>

const typeOf = (value: unknown) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

export function recordedTypes(objects: readonly Json[]): RecordedTypes {
  const types: RecordedTypes = new Map()
  for (const object of objects) {
    for (const [name, value] of Object.entries(object)) {
      types.set(name, (types.get(name) ?? new Set()).add(typeOf(value)))
    }
  }
  return types
}

/** Names that were never recorded, and types that no recording has there; null fits everywhere. */
export function unlike(
  types: RecordedTypes,
  object: Json,
  newer: readonly string[] = [],
): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const known = types.get(name)
    if (!known) return newer.includes(name) ? [] : [`${name} was never recorded`]
    const is = typeOf(value)
    const fits = is === 'null' || known.has(is) || [...known].every((type) => type === 'null')
    return fits ? [] : [`${name} is a ${is}, recorded as ${[...known].join(' or ')}`]
  })
}
