import { readEnvironment } from './config.ts'
import { type SandboxOptions, startSandbox } from './index.ts'

const environment = readEnvironment()

const options: SandboxOptions = {
  port: environment.SANDBOX_PORT,
  host: environment.SANDBOX_HOST,
  seed: environment.SANDBOX_SEED,
  speed: environment.SANDBOX_SPEED,
  xDialect: environment.X_DIALECT,
  ...(environment.SANDBOX_WORLD && { world: environment.SANDBOX_WORLD }),
  ...(environment.SANDBOX_NOW && { now: new Date(environment.SANDBOX_NOW) }),
  ...(environment.SANDBOX_EPOCH && { epoch: new Date(environment.SANDBOX_EPOCH) }),
}
const sandbox = await startSandbox(options)
process.stdout.write(`${JSON.stringify({ sandbox: 'listening', url: sandbox.url })}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void sandbox.close().then(() => process.exit(0))
  })
}
