import { z } from 'zod'

/** Why fields of the same object are null, by their names. A field that is known has no reason. */
export const reasonsFor = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z.partialRecord(z.enum(names), z.string()).describe('Why fields beside it are null, by name')

/** The reasons of those that are null. */
export const whyNull = <Name extends string>(
  fields: Readonly<Record<Name, number | null>>,
  reasons: Readonly<Record<Name, string>> | string,
): Partial<Record<Name, string>> => {
  const why: Partial<Record<Name, string>> = {}
  for (const name in fields) {
    if (fields[name] === null) why[name] = typeof reasons === 'string' ? reasons : reasons[name]
  }
  return why
}
