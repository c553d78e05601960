/**
 * What is taken out of a workspace: a file, and the columns that stand in it, by name. Nothing that is
 * added to a table later comes along by itself, so no secret does.
 */
export type ArchivedTable = { file: string; about: string; select: string }

const key = (column: string, name: string) => `${column}::text as "${name}"`

const numbers = 'views, likes, comments, shares, score, upvote_ratio as "upvoteRatio", viewers'

export const archivedTables: readonly ArchivedTable[] = [
  {
    file: 'credential-profiles.ndjson',
    about: 'your credential profiles, without the credentials',
    select: `select ${key('id', 'id')}, platform, name, limits, state, state_reason as "stateReason",
      verified_at as "verifiedAt", created_at as "createdAt", updated_at as "updatedAt"
      from credential_profiles`,
  },
  {
    file: 'sources.ndjson',
    about: 'the channels, accounts and communities that are watched',
    select: `select ${key('id', 'id')}, ${key('profile_id', 'profileId')}, platform, handle,
      external_id as "externalId", title, url, details, followers, is_live as "isLive",
      statistics_at as "statisticsAt", created_at as "createdAt" from sources`,
  },
  {
    file: 'source-samples.ndjson',
    about: 'their numbers over time',
    select: `select ${key('source_id', 'sourceId')}, sampled_at as "sampledAt", followers,
      total_views as "totalViews", total_posts as "totalPosts", online, is_live as "isLive"
      from source_samples`,
  },
  {
    file: 'monitoring-jobs.ndjson',
    about: 'what watches them, and how often',
    select: `select ${key('id', 'id')}, ${key('source_id', 'sourceId')},
      interval_minutes as "intervalMinutes", is_active as "isActive", next_run_at as "nextRunAt",
      failures, last_success_at as "lastSuccessAt", created_at as "createdAt",
      updated_at as "updatedAt" from monitoring_jobs`,
  },
  {
    file: 'executions.ndjson',
    about: 'each run of a job, and how it went',
    select: `select ${key('id', 'id')}, ${key('job_id', 'jobId')}, scheduled_for as "scheduledFor",
      started_at as "startedAt", completed_at as "completedAt", status,
      records_collected as "recordsCollected", error_kind as "errorKind",
      error_message as "errorMessage" from job_executions`,
  },
  {
    file: 'coverage-gaps.ndjson',
    about: 'when something may have been missed, and why',
    select: `select ${key('id', 'id')}, ${key('source_id', 'sourceId')}, from_at as "from",
      to_at as "to", reason, posts from coverage_gaps`,
  },
  {
    file: 'post-samples.ndjson',
    about: "the posts' numbers over time",
    // By way of the posts: their index knows the workspace, the samples' own does not.
    select: `select ${key('s.post_id', 'postId')}, s.sampled_at as "sampledAt",
      ${numbers.replace(/(^|, )/g, '$1s.')}
      from posts p join post_samples s on s.post_id = p.id`,
  },
  {
    file: 'stream-changes.ndjson',
    about: 'what streams were called while they ran',
    select: `select ${key('post_id', 'postId')}, changed_at as "changedAt", title, category
      from stream_changes`,
  },
  {
    file: 'sentiment-labels.ndjson',
    about: 'what people say the mood of a text is, beside what the model said of it',
    select: `select ${key('post_id', 'postId')}, label, text_version as "textVersion", model,
      model_label as "modelLabel", model_compound as "modelCompound",
      model_scores as "modelScores", labelled_at as "labelledAt" from sentiment_labels`,
  },
  {
    file: 'analytics-reports.ndjson',
    about: 'the reports that were kept',
    select: `select ${key('id', 'id')}, name, report_type as "reportType", request,
      report_data as "reportData", created_at as "createdAt" from analytics_reports`,
  },
  {
    file: 'experiments.ndjson',
    about: 'what was tried out, on whom and when',
    select: `select ${key('id', 'id')}, name, hypothesis, kind, treatment, metric,
      age_hours as "ageHours", expected_lift as "expectedLift", baseline_from as "baselineFrom",
      starts_at as "startsAt", ends_at as "endsAt", stopped_at as "stoppedAt",
      created_at as "createdAt" from experiments`,
  },
  {
    file: 'hashtag-episodes.ndjson',
    about: 'when a hashtag was used more than it was to be expected',
    select: `select tag, started_at as "startedAt", seen_at as "seenAt", ended_at as "endedAt",
      peak_z as "peakZ", authors, expected, why from tag_episodes`,
  },
  {
    file: 'invitations.ndjson',
    about: 'whom you asked into the workspace',
    select: `select ${key('id', 'id')}, email, role, created_at as "createdAt",
      expires_at as "expiresAt", accepted_at as "acceptedAt", revoked_at as "revokedAt"
      from invitations`,
  },
]

export const postsFile = {
  file: 'posts.ndjson',
  about: 'all posts with their latest numbers and their mood, newest first',
}
