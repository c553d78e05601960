import process from 'node:process'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { AnalyzeOptions } from './analyze/analyze-options.ts'
import { platformOption } from './platform-option.ts'
import { wholeNumber } from './whole-number.ts'
import { withWorkspace, workspaceOptions } from './workspace.ts'

export function analyzeCommand(program: Command): void {
  workspaceOptions(
    program
      .command('analyze')
      .description(
        'What the last days tell: engagement, trends, best times, moods, and what is not known',
      )
      .option('--days <n>', 'how many', wholeNumber(1, 3_650), 30)
      .addOption(platformOption())
      .option('--source <id>', 'one source', sourceId)
      .option('--zone <name>', 'IANA time zone of days and hours', 'UTC'),
  ).action(analyze)
}

function sourceId(text: string): string {
  if (/^[1-9]\d{0,17}$/.test(text)) return text
  throw new InvalidArgumentError('must be the id of a source: digits only')
}

const analyze = (options: AnalyzeOptions) =>
  withWorkspace('analyze', options, async (ctx, { name }) => {
    const [{ analyzeWorkspace }, { openProgress }, { reportInWords }] = await Promise.all([
      import('./analyze/analyze.ts'),
      import('./progress.ts'),
      import('./analyze/words.ts'),
    ])
    const progress = openProgress('Analyzing')
    try {
      const told = await analyzeWorkspace(ctx, options, progress.to)
      progress.end()
      const text = options.json ? JSON.stringify(told, null, 2) : reportInWords(name, told)
      process.stdout.write(`${text}\n`)
    } finally {
      progress.end()
    }
  })
