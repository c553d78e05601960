import { removeDueSecrets, removeSecretsTask } from '../src/features/credentials/index.ts'
import { worker } from './worker.ts'

export const removeSecretsWorker = worker(removeSecretsTask, (ctx) => removeDueSecrets(ctx))
