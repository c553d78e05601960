import { expect, test } from '@jest/globals'
import { z } from 'zod'
import type { AppError } from '../../src/core/errors.ts'
import { validator } from '../../src/http/validate.ts'

const validate = validator(
  'body',
  z.strictObject({
    name: z.string().min(1).max(5),
    long: z.string().min(3),
    count: z.number().int().min(1).max(9),
    on: z.boolean(),
    kind: z.enum(['a', 'b']),
    list: z.array(z.string()).min(2),
    own: z.string().regex(/^x/, 'must begin with x'),
  }),
)
const right = { name: 'n', long: 'long', count: 1, on: true, kind: 'a', list: ['1', '2'], own: 'x' }

test.each([
  ['name', undefined, 'is missing'],
  ['name', 5, 'must be text'],
  ['name', '', 'must not be empty'],
  ['name', 'longer', 'must have at most 5 characters'],
  ['long', 'l', 'must have at least 3 characters'],
  ['count', 0, 'must be at least 1'],
  ['count', 10, 'must be at most 9'],
  ['count', 1.5, 'must be a whole number'],
  ['on', 'yes', 'must be true or false'],
  ['kind', 'c', 'must be one of a, b'],
  ['list', ['1'], 'must have at least 2 entries'],
  ['own', 'y', 'must begin with x'],
])('%s as %j: %s', (name, value, message) => {
  let refusal: AppError | undefined
  try {
    validate({ ...right, [name]: value })
  } catch (error) {
    refusal = error as AppError
  }
  expect(refusal?.fields).toEqual([{ in: 'body', pointer: `/${name}`, message }])
})
