import { PlatformError } from './platform-error.ts'

const kindsOfCredential = ['unauthorized', 'forbidden', 'rate_limited', 'budget_exhausted']

/** true: no other source of this credential would fare better, so the whole run ends here. */
export const concernsCredential = (error: PlatformError): boolean =>
  !error.sourceOnly && kindsOfCredential.includes(error.kind)

/** A failure of ours as it is; anything else is a bug and goes on as one. */
export function asPlatformError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error
  throw error
}

/** For calls over many sources: a changed shape is theirs alone, any other failure ends the run. */
export function onlyChangedShape(caught: unknown): PlatformError {
  const error = asPlatformError(caught)
  if (error.kind !== 'changed_shape') throw error
  return error
}

/** Cuts a list into calls of at most `size`. */
export function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
