import { z } from 'zod'

/** A number that says what it is, what it stands on, and why it is not known where it is null. */
export const Figure = z
  .object({
    value: z.number().nullable(),
    definition: z.string().meta({ description: 'Id of a definition in `definitions`' }),
    n: z.number().int().meta({ description: 'How many items the value stands on' }),
    low: z
      .number()
      .optional()
      .meta({ description: 'Lower end of the interval, where it is an estimate' }),
    high: z.number().optional(),
    level: z.number().optional().meta({ description: 'How often such intervals hold: 0.95' }),
    reason: z.string().optional().meta({ description: 'Why the value is null' }),
  })
  .meta({ id: 'Figure' })
export type Figure = z.infer<typeof Figure>

/** NaN and infinities never leave: what cannot be computed is null with a reason. */
export const figure = (
  definition: string,
  value: number | null,
  n: number,
  reason = 'no_items',
): Figure =>
  value === null || !Number.isFinite(value)
    ? { value: null, definition, n, reason }
    : { value, definition, n }

/** billionths: the rollups' whole-number form of a ratio. */
export const ofBillionths = (total: number): number => total / 1_000_000_000
