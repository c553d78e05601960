import { CoreMigration } from './migration-20261120-core.ts'

/** Forward only, in order. A migration that has landed is never edited. */
export const migrations = [CoreMigration]
