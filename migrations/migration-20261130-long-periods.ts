import { Migration } from '@mikro-orm/migrations'
import { longPeriods } from './20261130-long-periods/rollups.ts'

export class LongPeriodsMigration extends Migration {
  override name = 'migration-20261130-long-periods'

  override up(): void {
    for (const statement of longPeriods) this.addSql(statement)
  }
}
