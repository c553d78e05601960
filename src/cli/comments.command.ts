import type { Command } from 'commander'
import { openProgress } from './progress.ts'
import { type WorkspaceOptions, withWorkspace, workspaceOptions } from './workspace.ts'

export function commentsCommand(program: Command): void {
  const comments = program.command('comments').description('What is worked out of comments')
  workspaceOptions(
    comments
      .command('recompute')
      .description('Take the shape of every thread anew from its stored comments'),
  ).action(recompute)
}

async function recompute(options: WorkspaceOptions): Promise<void> {
  const { countThreads, recomputeThreads } = await import('../features/threads/index.ts')
  const threads = await withWorkspace('comments recompute', options, async (ctx) => {
    const all = await countThreads(ctx.em)
    const progress = openProgress('Reading threads')
    try {
      return await recomputeThreads(ctx, (done) => progress.to(done, all))
    } finally {
      progress.end()
    }
  })
  const told = options.json
    ? JSON.stringify({ threads })
    : `${threads} threads have their shape anew`
  process.stdout.write(`${told}\n`)
}
