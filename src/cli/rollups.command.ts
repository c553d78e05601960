import type { Command } from 'commander'
import { loadConfig } from '../config/config.ts'

const write = (line: string) => process.stdout.write(`${line}\n`)

export function rollupsCommand(program: Command): void {
  const rollups = program
    .command('rollups')
    .description('The sums that analytics read in place of posts')
  rollups
    .command('check')
    .description('Compare them with a recount; exits with 1 where they differ')
    .option('--json', 'one JSON line a workspace')
    .action(check)
  rollups
    .command('rebuild')
    .description('Count them anew from the posts, while collection goes on')
    .action(rebuild)
}

async function opened() {
  const { compose } = await import('../compose.ts')
  const parts = await compose(loadConfig({ LOG_LEVEL: 'error' }), { name: 'cli' })
  const em = parts.database.orm.em.fork()
  return {
    parts,
    em: em as Parameters<typeof import('../features/rollups/index.ts').checkRollups>[0],
  }
}

async function check({ json }: { json?: true }): Promise<void> {
  const { checkRollups, workspacesOf } = await import('../features/rollups/index.ts')
  const { parts, em } = await opened()
  try {
    for (const workspaceId of await workspacesOf(em)) {
      const told = await checkRollups(em, workspaceId)
      if (told.differences > 0) process.exitCode = 1
      const { rows, differences } = told
      const verdict = differences === 0 ? 'as counted anew' : `${differences} rows differ`
      write(json ? JSON.stringify(told) : `workspace ${workspaceId}: ${rows} rows, ${verdict}`)
    }
  } finally {
    await parts.close()
  }
}

async function rebuild(): Promise<void> {
  const { rebuildRollups } = await import('../features/rollups/index.ts')
  const { parts, em } = await opened()
  try {
    const signal = new AbortController().signal
    const done = await rebuildRollups({ em, signal }, (one, all) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${one} of ${all} workspaces`)
    })
    write(`${process.stderr.isTTY ? '\n' : ''}${done} workspaces were counted anew`)
  } finally {
    await parts.close()
  }
}
