import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../database/sql.ts'

type Counts = Record<
  | 'sources'
  | 'active_jobs'
  | 'jobs_waiting'
  | 'failing_jobs'
  | 'posts'
  | 'samples'
  | 'scored_posts'
  | 'unscored_posts'
  | 'open_gaps',
  string
>

const counts = sql<Counts>`select
  (select count(*) from sources) as sources,
  (select count(*) from monitoring_jobs where is_active) as active_jobs,
  (select count(*) from monitoring_jobs j where is_active and last_success_at is null
    and not exists (select from job_executions e where e.job_id = j.id)) as jobs_waiting,
  (select count(*) from monitoring_jobs where is_active and failures > 0) as failing_jobs,
  (select count(*) from posts) as posts,
  (select count(*) from post_samples) as samples,
  (select count(*) from sentiments) as scored_posts,
  (select count(*) from unscored_posts) as unscored_posts,
  (select count(*) from coverage_gaps where to_at is null) as open_gaps`

/** Counts of one workspace, as of now. */
export async function countOverview(em: EntityManager) {
  const row = await firstRow<Counts>(em, counts)
  const of = (name: keyof Counts) => Number(row?.[name] ?? 0)
  return {
    sources: of('sources'),
    activeJobs: of('active_jobs'),
    jobsWaiting: of('jobs_waiting'),
    failingJobs: of('failing_jobs'),
    posts: of('posts'),
    samples: of('samples'),
    scoredPosts: of('scored_posts'),
    unscoredPosts: of('unscored_posts'),
    openGaps: of('open_gaps'),
  }
}
