/**
 * PostgreSQL refused the values themselves (classes 22 and 23), or they could not even be written
 * down: the trouble of what was to be stored alone. Anything else, an outage above all, goes on.
 */
export function asUnstorable(error: unknown): Error {
  const code = String((error as { code?: unknown }).code ?? '')
  if (error instanceof RangeError || (error instanceof Error && /^2[23]/.test(code))) return error
  throw error
}
