import process from 'node:process'
import { Command } from 'commander'
import { buildInfo } from '../telemetry/build-info.ts'
import { analyzeCommand } from './analyze.command.ts'
import { auditCommand } from './audit.command.ts'
import { commentDepthsCommand } from './comment-depths.command.ts'
import { commentsCommand } from './comments.command.ts'
import { demoCommand } from './demo.command.ts'
import { doctorCommand } from './doctor.command.ts'
import { hashtagsCommand } from './hashtags.command.ts'
import { keysCommand } from './keys.command.ts'
import { mailCommand } from './mail.command.ts'
import { migrateCommand } from './migrate.command.ts'
import { modelCommand } from './model.command.ts'
import { openapiCommand } from './openapi.command.ts'
import { rollupsCommand } from './rollups.command.ts'
import { seedCommand } from './seed.command.ts'
import { topUsersCommand } from './top-users.command.ts'
import { trendingCommand } from './trending.command.ts'
import { usersCommand } from './users.command.ts'
import { viralChainsCommand } from './viral-chains.command.ts'

/** Errors that were written for the person at the terminal; of others the stack is shown. */
const toldByName = ['ConfigError', 'AppError', 'EmbeddedPostgresError']

const program = new Command('earshot')
  .description('Listens to creators and communities on Twitch, X, YouTube and Reddit.')
  .version(buildInfo.version)
  .showHelpAfterError('(--help says more)')
  .configureHelp({ sortSubcommands: true })
  .addHelpText('after', '\nThe API starts with `npm start`, the workers with `npm run worker`.')

for (const register of [
  analyzeCommand,
  auditCommand,
  commentDepthsCommand,
  commentsCommand,
  demoCommand,
  doctorCommand,
  hashtagsCommand,
  keysCommand,
  mailCommand,
  migrateCommand,
  modelCommand,
  openapiCommand,
  rollupsCommand,
  trendingCommand,
  seedCommand,
  topUsersCommand,
  usersCommand,
  viralChainsCommand,
]) {
  register(program)
}

try {
  await program.parseAsync()
} catch (error) {
  const { name, message, stack } = error as Error
  process.stderr.write(`${toldByName.includes(name) ? message : stack}\n`)
  process.exitCode = 1
}
