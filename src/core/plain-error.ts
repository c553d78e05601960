export type PlainError = {
  type: string
  message: string
  code?: string
  stack?: string
  cause?: PlainError
}

const deepest = 4

/**
 * An error as a log may keep it: what happened and where, and nothing that a driver hung on it.
 * PostgreSQL's `detail` quotes whole rows, and SDKs attach requests with their secrets.
 */
export function plainError(error: unknown, depth = 0): PlainError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    ...(error.stack && { stack: error.stack }),
    ...(error.cause !== undefined &&
      depth < deepest && { cause: plainError(error.cause, depth + 1) }),
  }
}
