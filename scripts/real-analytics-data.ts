import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** REFERENCE_DIR names the folder that holds `data/`. */
export const folder = resolve(process.env.REFERENCE_DIR ?? '../shared', 'data')

/** Lines end with a line feed alone: texts hold other separators, at which readline would cut them. */
export async function readRows<Row>(name: string): Promise<Row[]> {
  const text = gunzipSync(await readFile(join(folder, `${name}.jsonl.gz`))).toString('utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
}

/** One line of the findings: what was asked, what came out, and over how much. */
export type Finding = { part: string; name: string; value: string; n: number }
export type Part = { name: string; findings: () => Promise<Finding[]> }

export const round = (value: number | null, digits = 2): string =>
  value === null || !Number.isFinite(value) ? 'not known' : value.toFixed(digits)
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** Deterministic, so that two runs say the same. */
export function shuffled<T>(values: readonly T[], seed: number): T[] {
  const mixed = [...values]
  let state = seed >>> 0
  for (let last = mixed.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((state / 4_294_967_296) * (last + 1))
    const [one, two] = [mixed[last], mixed[other]]
    if (one !== undefined && two !== undefined) [mixed[last], mixed[other]] = [two, one]
  }
  return mixed
}
