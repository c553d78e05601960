import { Migration } from '@mikro-orm/migrations'
import { accountLifeTables } from './20261121-accounts/accounts.ts'
import { auditLog } from './20261121-accounts/audit.ts'
import { tenancy } from './20261121-accounts/doors.ts'
import { feedbackTables } from './20261121-accounts/feedback.ts'
import { limitTables } from './20261121-accounts/limits.ts'
import { mailTables } from './20261121-accounts/mail.ts'
import { secretTables } from './20261121-accounts/secrets.ts'
import { workspaceTables } from './20261121-accounts/workspaces.ts'

export class AccountsMigration extends Migration {
  override name = 'migration-20261121-accounts'

  override up(): void {
    const steps = [
      accountLifeTables,
      mailTables,
      workspaceTables,
      secretTables,
      limitTables,
      feedbackTables,
      auditLog,
      tenancy,
    ]
    for (const statements of steps) for (const statement of statements) this.addSql(statement)
  }
}
