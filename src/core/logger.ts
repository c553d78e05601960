import { type DestinationStream, type Logger, pino } from 'pino'
import { plainError } from './plain-error.ts'

export type { Logger } from 'pino'

/** Paths whose values never reach a log line, at any of the depths we log objects. */
const secretNames = [
  'password',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'clientSecret',
  'bearerToken',
  'apiKey',
  'authorization',
  'cookie',
  'credentials',
]
const redactPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

type LoggerOptions = { level: string; name: string; destination?: DestinationStream }

/** Structured JSON logs: timestamp, level and message by name, secrets censored. */
export function createLogger({ level, name, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { process: name },
    messageKey: 'message',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (error: unknown) => plainError(error) },
    redact: { paths: redactPaths, censor: '[redacted]' },
  }
  return destination ? pino(options, destination) : pino(options)
}
