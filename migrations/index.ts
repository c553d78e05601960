import { CoreMigration } from './migration-20261120-core.ts'
import { AccountsMigration } from './migration-20261121-accounts.ts'
import { AnalyticsMigration } from './migration-20261122-analytics.ts'
import { DataChangesMigration } from './migration-20261123-data-changes.ts'
import { SafePathsMigration } from './migration-20261129-safe-paths.ts'
import { LongPeriodsMigration } from './migration-20261130-long-periods.ts'

/** Forward only, in order. A migration that has landed is never edited. */
export const migrations = [
  CoreMigration,
  AccountsMigration,
  AnalyticsMigration,
  DataChangesMigration,
  SafePathsMigration,
  LongPeriodsMigration,
]
