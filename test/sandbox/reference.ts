import { hasReference } from '../support/specs/reference.ts'

export { referencePath } from '../support/specs/reference.ts'

/** `describe`, or a skipped one whose title says what is missing. */
export const describeWith = (needed: string, title: string, body: () => void) =>
  hasReference(needed)
    ? describe(title, body)
    : describe.skip(`${title} (no ${needed} in REFERENCE_DIR)`, body)
