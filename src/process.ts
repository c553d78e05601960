import { ConfigError, loadConfig } from './config/config.ts'
import { AppError } from './core/errors.ts'
import { createLogger, type Logger } from './core/logger.ts'

/** Mistakes of the set-up are told in their own sentence; anything else keeps its stack. */
const isTold = (error: unknown): error is Error =>
  error instanceof ConfigError ||
  error instanceof AppError ||
  (error as Error)?.name === 'EmbeddedPostgresError'

/**
 * Runs a process until it is told to stop: opens it, closes it once on SIGTERM or SIGINT, and ends
 * with 1 and a sentence when it cannot be opened.
 */
export async function serveProcess(
  name: string,
  open: (log: Logger) => Promise<() => Promise<void>>,
): Promise<void> {
  let log: Logger
  try {
    log = createLogger({ level: loadConfig().logLevel, name })
    const close = await open(log)
    const stop = (signal: string) => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      log.info({ signal }, 'stopping')
      close().then(
        () => process.exit(0),
        (error: Error) => {
          log.error({ err: error }, 'did not stop cleanly')
          process.exit(1)
        },
      )
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  } catch (error) {
    process.stderr.write(`${isTold(error) ? error.message : (error as Error).stack}\n`)
    process.exit(1)
  }
}
