import { invalidField } from '../../../core/errors.ts'

/** One answer for a link that was used, has run out, or never was one. */
export const badLink = () =>
  invalidField('/token', 'This link is not good, or not any more. Ask for a new one.')
