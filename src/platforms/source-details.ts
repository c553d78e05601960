import type { Json } from '../core/json.ts'

/** What of a source's facts differs from what Earshot knows of them; null: nothing. */
export function changesOf(
  known: { [key: string]: Json },
  seen: { [key: string]: Json },
): { [key: string]: Json } | null {
  const changed = Object.entries(seen).filter(
    ([key, value]) => canonical(known[key]) !== canonical(value),
  )
  return changed.length > 0 ? Object.fromEntries(changed) : null
}

/** A database may hand an object's keys back in another order. */
const canonical = (json: Json | undefined): string =>
  JSON.stringify(json, (_, value) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  ) ?? ''
