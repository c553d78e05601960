import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** Descriptions and data that are not part of the project; checks on them are skipped without. */
const referenceFolder = resolve(process.env.REFERENCE_DIR ?? '../shared')

export const referencePath = (...parts: string[]) => resolve(referenceFolder, ...parts)
export const hasReference = (...parts: string[]) => existsSync(referencePath(...parts))
export const readReference = (...parts: string[]): unknown =>
  JSON.parse(readFileSync(referencePath(...parts), 'utf8'))
