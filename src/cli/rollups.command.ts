import process from 'node:process'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { openProgress } from './progress.ts'
import { withContext } from './users/with-context.ts'

type Flags = { json?: true }

const write = (line: string) => process.stdout.write(`${line}\n`)

export function rollupsCommand(program: Command): void {
  const rollups = program
    .command('rollups')
    .description('The sums that analytics read in place of posts')
  rollups
    .command('check')
    .description('Compare them with a recount; exits with 1 where they differ')
    .option('--json', 'one JSON line a workspace in place of words')
    .action((flags: Flags) => withContext('rollups check', (ctx) => check(ctx, flags)))
  rollups
    .command('rebuild')
    .description('Count them anew from the posts, while collection goes on')
    .option('--json', 'one JSON document in place of words')
    .action((flags: Flags) => withContext('rollups rebuild', (ctx) => rebuild(ctx, flags)))
}

async function check({ em }: Context, { json }: Flags): Promise<void> {
  const { checkRollups, workspacesOf } = await import('../features/rollups/index.ts')
  const workspaces = await workspacesOf(em)
  const progress = openProgress('Comparing')
  try {
    for (const [index, workspaceId] of workspaces.entries()) {
      progress.to(index, workspaces.length)
      const told = await checkRollups(em, workspaceId)
      progress.end()
      if (told.differences > 0) process.exitCode = 1
      const { rows, differences } = told
      const verdict = differences === 0 ? 'as counted anew' : `${differences} rows differ`
      write(json ? JSON.stringify(told) : `workspace ${workspaceId}: ${rows} rows, ${verdict}`)
    }
  } finally {
    progress.end()
  }
}

async function rebuild(ctx: Context, { json }: Flags): Promise<void> {
  const { rebuildRollups } = await import('../features/rollups/index.ts')
  const progress = openProgress('Counting')
  const workspaces = await rebuildRollups(ctx, progress.to).finally(progress.end)
  write(json ? JSON.stringify({ workspaces }) : `${workspaces} workspaces were counted anew`)
}
