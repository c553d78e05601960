import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** Descriptions and data that are not part of the project; tests on them are skipped without. */
const folder = resolve(process.env.REFERENCE_DIR ?? '../shared')

export const referencePath = (...parts: string[]) => resolve(folder, ...parts)
export const hasReference = (...parts: string[]) => existsSync(referencePath(...parts))
export const readReference = (...parts: string[]): unknown =>
  JSON.parse(readFileSync(referencePath(...parts), 'utf8'))

/** `describe`, or a skipped one whose title says what is missing. */
export const describeWith = (needed: string, title: string, body: () => void) =>
  hasReference(needed)
    ? describe(title, body)
    : describe.skip(`${title} (no ${needed} in REFERENCE_DIR)`, body)
