import type { Analysis } from './analyze.ts'

type Platform = Analysis['platforms'][number]

/** Every figure that is null, by its reason: a report that hid them would claim to know all. */
export function notKnown(platforms: readonly Platform[]): string {
  const lines = platforms.flatMap((one) => {
    const reasons = new Map<string, Set<string>>()
    collect({ ...one, postingTimes: null, topContent: null }, reasons)
    return [...reasons].map(
      ([reason, definitions]) =>
        `${one.platform}: ${[...definitions].map(spoken).join(', ')} (${spoken(reason)})`,
    )
  })
  return lines.length > 0 ? lines.join('\n') : 'Every figure of this report is known.'
}

const spoken = (id: string) => id.replaceAll('_', ' ')

function collect(value: unknown, reasons: Map<string, Set<string>>): void {
  if (typeof value !== 'object' || value === null) return
  if ('definition' in value && 'reason' in value) {
    const reason = String(value.reason)
    reasons.set(reason, (reasons.get(reason) ?? new Set()).add(String(value.definition)))
    return
  }
  for (const inner of Object.values(value)) collect(inner, reasons)
}
