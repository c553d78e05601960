import { Migration } from '@mikro-orm/migrations'
import { analyticsColumns } from './20261122-analytics/columns.ts'
import { milestones } from './20261122-analytics/milestones.ts'
import { moodColumns, moodMachinery } from './20261122-analytics/moods.ts'
import { analyticsPolicies, analyticsTables } from './20261122-analytics/rest.ts'
import { rollupMachinery, rollupTables } from './20261122-analytics/rollups.ts'
import { streamMachinery, streamTables } from './20261122-analytics/streams.ts'
import { tagMachinery, tagTables } from './20261122-analytics/tags.ts'
import { threadTables } from './20261122-analytics/threads.ts'

export class AnalyticsMigration extends Migration {
  override name = 'migration-20261122-analytics'

  override up(): void {
    const steps = [
      analyticsColumns,
      rollupTables,
      moodColumns,
      analyticsTables,
      threadTables,
      analyticsPolicies,
      rollupMachinery,
      moodMachinery,
      milestones,
      streamTables,
      streamMachinery,
      tagTables,
      tagMachinery,
    ]
    for (const statements of steps) for (const statement of statements) this.addSql(statement)
  }
}
