import type { ErrorEvent } from '@sentry/node'
import { buildInfo } from './build-info.ts'
import { scrubbed } from './scrub.ts'

/** Where a failure happened. The person is a number, the route a template. */
export type FailurePlace = {
  requestId?: string
  userId?: string | undefined
  route?: string | undefined
  /** queue/task, in a worker. */
  task?: string
}

/** Where unexpected failures are sent, besides the log. */
export type ErrorReports = {
  report: (error: unknown, place: FailurePlace) => void
  /** Sends what is still here, for at most two seconds. */
  close: () => Promise<void>
}

export const noReports: ErrorReports = { report: () => {}, close: async () => {} }

type SentryOptions = {
  /** null: nothing is loaded and nothing leaves this machine. */
  dsn: string | null
  environment: string
  /** Secrets that this process holds: taken out wherever they stand. */
  secrets: readonly (string | null)[]
}

/** Sentry, for who configured it. Only the error, its stack and its place leave this machine. */
export async function openErrorReports(options: SentryOptions): Promise<ErrorReports> {
  const { dsn } = options
  if (!dsn) return noReports
  const secrets = [dsn, ...options.secrets].filter((value) => value !== null)
  const sentry = await import('@sentry/node')
  // The default integrations copy requests, console lines and variables: we name ours one by one.
  sentry.initWithoutDefaultIntegrations({
    dsn,
    environment: options.environment,
    release: `earshot@${buildInfo.version}`,
    enableRuntimeChannelInjection: false,
    integrations: [
      sentry.functionToStringIntegration(),
      sentry.linkedErrorsIntegration(),
      sentry.dedupeIntegration(),
      sentry.contextLinesIntegration(),
      sentry.onUncaughtExceptionIntegration(),
      sentry.onUnhandledRejectionIntegration({ mode: 'strict' }),
    ],
    beforeSend: (event) => withoutSecrets(event, secrets),
  })
  return {
    report: (error, { userId, requestId, route, task }) => {
      sentry.withScope((scope) => {
        if (userId) scope.setUser({ id: userId })
        scope.setTags({ request_id: requestId, route, task })
        sentry.captureException(error)
      })
    },
    close: async () => void (await sentry.close(2_000)),
  }
}

/** Of a request nothing goes along but its method and path; of a person the id; no variables. */
export function withoutSecrets(event: ErrorEvent, secrets: readonly string[]): ErrorEvent {
  const { request, user, server_name: _machine, ...rest } = event
  const frames = event.exception?.values?.flatMap((value) => value.stacktrace?.frames ?? []) ?? []
  for (const frame of frames) delete frame.vars
  return {
    ...scrubbed(rest, secrets),
    ...(user?.id !== undefined && { user: { id: user.id } }),
    ...(request?.method && {
      request: { method: request.method, url: (request.url ?? '').split('?')[0] ?? '' },
    }),
  }
}
