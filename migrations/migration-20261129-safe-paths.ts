import { Migration } from '@mikro-orm/migrations'
import { definers } from './20261129-safe-paths/definers.ts'

export class SafePathsMigration extends Migration {
  override name = 'migration-20261129-safe-paths'

  override up(): void {
    for (const statement of definers) this.addSql(statement)
  }
}
