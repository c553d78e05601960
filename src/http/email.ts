import { z } from 'zod'

/** One address, one account, however it is typed. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'is longer than an e-mail address can be')
  .pipe(z.email('is not an e-mail address'))
  .meta({ example: 'ada@example.org' })
