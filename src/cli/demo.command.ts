import { type Command, InvalidArgumentError } from 'commander'
import type { DemoOptions } from './demo/run.ts'

const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('must be a whole number')
  return Number(text)
}

/** `npm run demo`: Earshot at work on the sandbox, with nothing but Node. */
export const demoCommand = (program: Command): void => {
  program
    .command('demo')
    .description('Watch the sandbox end to end: collect from four platforms, score, export')
    .option(
      '--once',
      'stop after the first complete round, with a summary; non-zero if a part failed',
    )
    .option('--world <folder>', 'let the sandbox serve real posts from a folder of JSONL')
    .option('--sources <n>', 'sources a platform, at most', wholeNumber, 1_000)
    .option('--posts <n>', 'posts of each source in its first run', wholeNumber, 40)
    .option('--port <n>', "the API's port; 0 takes a free one", wholeNumber)
    .option('--timeout <s>', 'give up on the first round after so many seconds', wholeNumber, 900)
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('./demo/run.ts')
      process.exitCode = await runDemo(options)
    })
}
