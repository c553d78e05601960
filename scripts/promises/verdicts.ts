import { idsIn, type Tested } from './suites.ts'
import type { Promised } from './table.ts'

export type Verdict = Promised & {
  state: 'kept' | 'kept in part' | 'broken' | 'no test' | 'not built'
  tests: Tested[]
}

/** Kept: all its tests ran, and none failed. In part: some could not be run here. */
function stateOf({ notBuilt }: Promised, tests: Tested[]): Verdict['state'] {
  if (tests.some(({ outcome }) => outcome === 'failed')) return 'broken'
  if (tests.some(({ outcome }) => outcome === 'passed')) {
    return tests.every(({ outcome }) => outcome === 'passed') ? 'kept' : 'kept in part'
  }
  return notBuilt ? 'not built' : 'no test'
}

export const judge = (promises: Promised[], tested: Tested[]): Verdict[] =>
  promises.map((promised) => {
    const tests = tested.filter(({ title }) => idsIn(title).includes(promised.id))
    return { ...promised, state: stateOf(promised, tests), tests }
  })

/** Ids that tests carry and no sentence explains: a slip of the pen in a title. */
export function strayIds(promises: Promised[], tested: Tested[]): string[] {
  const known = new Set(promises.map(({ id }) => id))
  return idsIn(tested.map(({ title }) => title).join(' ')).filter((id) => !known.has(id))
}

export const isBad = ({ state }: Verdict): boolean => state === 'broken' || state === 'no test'
