import process from 'node:process'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import type { Actor } from '../core/actor.ts'
import { withContext } from './users/with-context.ts'

/** What every command that reads a workspace understands. */
export type WorkspaceOptions = { workspace?: string; json?: boolean }

/** `ctx.em` sees this workspace and no other. */
export type InWorkspace = Pick<Actor, 'workspaceId'> & { name: string }

export const workspaceOptions = (command: Command): Command =>
  command
    .option('--workspace <id>', 'whose posts; the only one, or the first, when left out')
    .option('--json', 'one JSON document in place of words')

/**
 * Runs one piece of work in a workspace: composes, picks the one that --workspace names (else the only
 * one, else the first, and says so on standard error), and closes. `command` is what the audit log says.
 */
export const withWorkspace = <T>(
  command: string,
  options: WorkspaceOptions,
  work: (ctx: Context, workspace: InWorkspace) => Promise<T>,
): Promise<T> =>
  withContext(command, async (ctx) => {
    const [{ forWorkspace }, { pickWorkspace }] = await Promise.all([
      import('../database/database.ts'),
      import('../features/workspaces/index.ts'),
    ])
    const { id, name, others } = await pickWorkspace(ctx.em, options.workspace)
    if (others > 0 && !options.workspace && !options.json) {
      process.stderr.write(`Workspace ${id}; --workspace chooses one of ${others} others.\n`)
    }
    return work({ ...ctx, em: forWorkspace(ctx.em, id) }, { workspaceId: id, name })
  })
