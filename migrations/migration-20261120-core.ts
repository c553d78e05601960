import { Migration } from '@mikro-orm/migrations'
import { accountTables } from './20261120-core/accounts.ts'
import { collectionTables } from './20261120-core/collection.ts'
import { credentialTables } from './20261120-core/credentials.ts'
import { grants } from './20261120-core/grants.ts'
import { postTables } from './20261120-core/posts.ts'
import { roles } from './20261120-core/roles.ts'
import { rowLevelSecurity } from './20261120-core/row-level-security.ts'
import { sentimentTables } from './20261120-core/sentiment.ts'
import { systemDoors } from './20261120-core/system-doors.ts'
import { platformViews } from './20261120-core/views.ts'

export class CoreMigration extends Migration {
  override name = 'migration-20261120-core'

  override up(): void {
    const steps = [
      roles,
      accountTables,
      credentialTables,
      collectionTables,
      postTables,
      sentimentTables,
      rowLevelSecurity,
      systemDoors,
      platformViews,
      grants,
    ]
    for (const statements of steps) for (const statement of statements) this.addSql(statement)
  }
}
