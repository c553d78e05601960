import type pg from 'pg'

type Table = {
  /** Natural keys in place of surrogate ids. */
  natural?: string
  from: string
  /** Surrogate ids, and what is wall-clock time or chance; each of the latter says why. */
  without: string[]
  /** Scores of a text, compared within the rounding of floats: see `scoreRounding`. */
  scored?: boolean
}

const sourceKey = `s.platform || '/' || s.external_id`
const postKey = `${sourceKey} || '/' || p.external_id`
const ofSource = (table: string): Table => ({
  natural: `'source', ${sourceKey}`,
  from: `${table} t join sources s on s.id = t.source_id`,
  without: ['id', 'workspace_id', 'source_id', 'profile_id', 'author_id'],
})
const ofPost = (table: string): Table => ({
  natural: `'post', ${postKey}`,
  from: `${table} t join posts p on p.id = t.post_id join sources s on s.id = p.source_id`,
  without: ['post_id', 'workspace_id', 'profile_id'],
})

/** What is folded and what is not yet, together: when it was folded is chance. Whole numbers alone. */
const sumsIn = (view: string): Table => ({
  from: `(select platform, kind, at, sum(posts) as posts, sum(views_n) as views_n, sum(views) as views,
      sum(engagement) as engagement, sum(scored) as scored
    from ${view} group by platform, kind, at having sum(posts) <> 0) t`,
  without: [],
})

/**
 * Every table that collection writes. Left out as a whole is `budget_windows`: it counts the calls
 * that were made, and a run that was killed has made more of them.
 */
const tables: Record<string, Table> = {
  posts: {
    ...ofSource('posts'),
    natural: `'source', ${sourceKey}, 'author', a.external_id`,
    from: 'posts t join sources s on s.id = t.source_id left join authors a on a.id = t.author_id',
  },
  authors: { from: 'authors t', without: ['id', 'workspace_id'] },
  post_tags: ofPost('post_tags'),
  post_samples: ofPost('post_samples'),
  stream_changes: ofPost('stream_changes'),
  sample_schedule: {
    ...ofPost('sample_schedule'),
    natural: `'post', ${postKey}, 'profile', (select platform || '/' || name
      from credential_profiles c where c.id = t.profile_id)`,
  },
  unscored_posts: ofPost('unscored_posts'),
  // A lot is drawn by the post's id.
  sentiments: {
    ...ofPost('sentiments'),
    without: ['post_id', 'workspace_id', 'source_id', 'lot'],
    scored: true,
  },
  workspace_rollups: sumsIn('current_workspace_rollups'),
  workspace_hours: sumsIn('current_workspace_hours'),
  workspace_weeks: sumsIn('current_workspace_weeks'),
  sentiment_cache: { from: 'sentiment_cache t', without: [], scored: true },
  sources: {
    natural: `'profile', (select platform || '/' || name from credential_profiles c
      where c.id = t.profile_id)`,
    from: 'sources t',
    without: ['id', 'workspace_id', 'profile_id'],
  },
  source_samples: ofSource('source_samples'),
  monitoring_jobs: ofSource('monitoring_jobs'),
  job_executions: {
    natural: `'job', ${sourceKey}`,
    from: `job_executions t join monitoring_jobs j on j.id = t.job_id
      join sources s on s.id = j.source_id`,
    without: ['id', 'workspace_id', 'job_id'],
  },
  coverage_gaps: ofSource('coverage_gaps'),
  outbox: { from: 'outbox t', without: ['id', 'workspace_id'] },
  credential_profiles: {
    from: 'credential_profiles t',
    // The sealed secret is another one each time; updated_at is the database's own clock.
    without: ['id', 'workspace_id', 'wrapped_key', 'sealed_fields', 'updated_at', 'key_id'],
  },
}

const scoreColumns = ['negative', 'neutral', 'positive', 'compound'] as const
/** A text's score moves by float rounding with the texts beside it in its batch. */
const scoreRounding = 1e-5

type Row = { [column: string]: unknown }
export type Dump = Map<string, Row[]>

/** All rows of one workspace, as values that are the same wherever the same happened. */
export async function dumpTables(client: pg.Client): Promise<Dump> {
  const dump: Dump = new Map()
  for (const [name, { natural, from, without }] of Object.entries(tables)) {
    const { rows } = await client.query(
      `select (to_jsonb(t) - $1::text[]) || jsonb_build_object(${natural ?? ''}) as row from ${from}`,
      [without],
    )
    dump.set(
      name,
      rows.map(({ row }) => row),
    )
  }
  return dump
}

export const countRows = (dump: Dump): number =>
  [...dump.values()].reduce((sum, rows) => sum + rows.length, 0)

/** What two dumps differ in, in words; some lines a table. `adjust` may leave out more of a row. */
export function differences(
  clean: Dump,
  other: Dump,
  adjust: (table: string, row: Row) => Row = (_, row) => row,
): string[] {
  return [...clean].flatMap(([name, rows]) => {
    const adjusted = (some: Row[]) => some.map((row) => adjust(name, row))
    return differencesOf(name, adjusted(rows), adjusted(other.get(name) ?? []))
  })
}

function differencesOf(name: string, clean: Row[], other: Row[]): string[] {
  const scored = tables[name]?.scored ?? false
  const [expected, found] = [byText(clean, scored), byText(other, scored)]
  const counts =
    clean.length === other.length
      ? []
      : [`${name}: ${clean.length} rows in the clean run, ${other.length} here`]
  const missing = [...expected].flatMap(([text, rows]) => {
    const twins = found.get(text) ?? []
    if (twins.length < rows.length) return [`${name}: missing ${text}`]
    return scored && !areClose(rows, twins) ? [`${name}: other scores for ${text}`] : []
  })
  const extra = [...found]
    .filter(([text, rows]) => (expected.get(text)?.length ?? 0) < rows.length)
    .map(([text]) => `${name}: too many ${text}`)
  return [...counts, ...missing.slice(0, 5), ...extra.slice(0, 5)]
}

function byText(rows: Row[], scored: boolean): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const compared = Object.entries(row).filter(
      ([column]) => !scored || !scoreColumns.some((score) => score === column),
    )
    const text = JSON.stringify(
      Object.fromEntries(compared.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    )
    found.set(text, [...(found.get(text) ?? []), row])
  }
  return found
}

const areClose = (clean: Row[], other: Row[]) =>
  clean.every((row, at) =>
    scoreColumns.every(
      (column) => Math.abs(Number(row[column]) - Number(other[at]?.[column])) < scoreRounding,
    ),
  )
