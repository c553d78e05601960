import { z } from 'zod'

const largest = 2n ** 63n - 1n

/** A row's id as JSON carries it: the digits of a bigint, which a JavaScript number cannot hold. */
export const Id = z
  .string()
  .regex(/^[1-9]\d{0,18}$/, 'must be an id: digits only')
  .refine((text) => !/^\d{1,19}$/.test(text) || BigInt(text) <= largest, 'is not an id of ours')
  .meta({ description: 'Digits of a 64-bit number', example: '42' })

export const IdParams = z.strictObject({ id: Id })
