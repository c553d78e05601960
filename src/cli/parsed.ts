import type { z } from 'zod'
import { AppError } from '../core/errors.ts'

/** The question that options ask, by the API's own schema; what is wrong is told in one sentence. */
export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  given: z.input<Schema>,
): z.output<Schema> {
  const { data, error } = schema.safeParse(given)
  if (!error) return data as z.output<Schema>
  const [issue] = error.issues
  throw new AppError('invalid_input', `${issue?.path.join('.')}: ${issue?.message}`)
}
