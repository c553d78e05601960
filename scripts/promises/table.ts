import { readFileSync } from 'node:fs'

export type Promised = {
  id: string
  sentence: string
  /** What it belongs to that is not there yet; null: it must be kept. */
  notBuilt: string | null
}

const row = /^\| (SEC-\d\d) \| (.+?) \| (?:not built: (.+?) )?\|$/

/** The sentences of docs/promises.md: the only part of the report that is written by hand. */
export function readPromises(path = 'docs/promises.md'): Promised[] {
  const found = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, id, sentence, notBuilt = null] = row.exec(line) ?? []
      return id && sentence ? [{ id, sentence, notBuilt }] : []
    })
  const ids = found.map(({ id }) => id)
  const doubled = ids.filter((id, at) => ids.indexOf(id) !== at)
  if (found.length === 0 || doubled.length > 0) {
    throw new Error(`${path} has no table of promises that can be read (${doubled.join(', ')})`)
  }
  return found
}
