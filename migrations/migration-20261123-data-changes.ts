import { Migration } from '@mikro-orm/migrations'
import { asSystem, door } from './door.ts'

/**
 * What analytics answer from is more than posts: which sources are watched, since when, and the shapes
 * of threads. A change of those counts here, so that no kept answer outlives it.
 */
export class DataChangesMigration extends Migration {
  override name = 'migration-20261123-data-changes'

  override up(): void {
    const statements = [
      'alter table workspace_folds add column changes bigint not null default 0;',
      ...asSystem(
        ...door(
          'note_data_change(of_workspace bigint)',
          'void',
          'sql',
          `insert into workspace_folds as f (workspace_id, folded, changes)
           select id, 0, 1 from workspaces where id = of_workspace
           on conflict (workspace_id) do update set changes = f.changes + 1`,
        ),
      ),
    ]
    for (const statement of statements) this.addSql(statement)
  }
}
