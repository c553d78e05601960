import type { Command } from 'commander'
import type { CreateOptions } from './users/create-user.ts'
import { withContext } from './users/with-context.ts'

const write = (line: string) => process.stdout.write(`${line}\n`)
const json = ['--json', 'one JSON document instead of words'] as const

/** What the commands need is loaded when one runs, so that `--help` does not wait for it. */
export function usersCommand(program: Command): void {
  const users = program.command('users').description('Who has an account here')
  users
    .command('create')
    .description('Open an account whose address counts as proven; the password is shown once')
    .requiredOption('--email <address>', 'who signs in')
    .option('--display-name <name>', 'how others see them')
    .option('--admin', 'may see and do everything that administrators may')
    .option('--password-stdin', 'read the password from standard input instead of making one')
    .option(...json)
    .action(async (options: CreateOptions) => {
      const { createUser } = await import('./users/create-user.ts')
      write(await withContext('users create', (ctx) => createUser(ctx, options)))
    })
  users
    .command('list')
    .description('Say who there is')
    .option(...json)
    .action(async (options: { json?: boolean }) => {
      const { listUsers } = await import('./users/list-users.ts')
      write(await withContext('users list', (ctx) => listUsers(ctx, options)))
    })
  for (const [name, description] of Object.entries(changes)) {
    const command = users.command(name).description(description)
    command.argument('<email>', 'whose account')
    if (name === 'disable') command.option('--reason <text>', 'what the mail to them says')
    command.option(...json)
    command.action(async (email: string, options: { reason?: string; json?: boolean }) => {
      const { changeUser } = await import('./users/change-user.ts')
      const change = { ...options, what: name as keyof typeof changes }
      write(await withContext(`users ${name}`, (ctx) => changeUser(ctx, email, change)))
    })
  }
}

const changes = {
  promote: 'Make somebody an administrator',
  demote: 'Make an administrator a user like all others',
  disable: 'Shut somebody out at once: sessions and API tokens are refused',
  enable: 'Let somebody in again who was shut out',
} as const
