import { createLogger, type Logger } from '../../src/core/logger.ts'

/** A logger at its most talkative, and everything that it wrote. */
export function recordLog(): { log: Logger; lines: string[]; text: () => string } {
  const lines: string[] = []
  const log = createLogger({
    level: 'trace',
    name: 'test',
    destination: { write: (line: string) => void lines.push(line) },
  })
  return { log, lines, text: () => lines.join('') }
}
