import { postTags, sentimentLabel } from '../posts/index.ts'

/**
 * text: may hold anything, so CSV makes it harmless. id: digits in CSV, a string in JSON.
 * list: separated by spaces in CSV, an array in JSON. time: ISO 8601 in UTC. plain: as it is.
 */
type Kind = 'text' | 'id' | 'list' | 'time' | 'plain'
type Column = [name: string, kind: Kind, value: string]

/** The documented order. Names are those of GET /api/posts, flattened. */
const columns: readonly Column[] = [
  ['id', 'id', 'p.id'],
  ['platform', 'plain', 'p.platform'],
  ['kind', 'plain', 'p.kind'],
  ['externalId', 'text', 'p.external_id'],
  ['sourceId', 'id', 'p.source_id'],
  ['sourceHandle', 'text', 's.handle'],
  ['sourceTitle', 'text', 's.title'],
  ['authorId', 'id', 'a.id'],
  ['authorHandle', 'text', 'a.handle'],
  ['authorName', 'text', 'a.display_name'],
  ['title', 'text', 'p.title'],
  ['body', 'text', 'p.body'],
  ['url', 'text', 'p.url'],
  ['lang', 'text', 'p.lang'],
  ['hashtags', 'list', 'g.tags'],
  ['mentions', 'list', 'p.mentions'],
  ['replyTo', 'text', 'p.reply_to'],
  ['category', 'text', 'p.category'],
  ['publishedAt', 'time', 'p.published_at'],
  ['endedAt', 'time', 'p.ended_at'],
  ['fetchedAt', 'time', 'p.fetched_at'],
  ['goneAt', 'time', 'p.gone_at'],
  ['views', 'plain', 'p.views'],
  ['likes', 'plain', 'p.likes'],
  ['comments', 'plain', 'p.comments'],
  ['shares', 'plain', 'p.shares'],
  ['score', 'plain', 'p.score'],
  ['upvoteRatio', 'plain', 'p.upvote_ratio'],
  ['viewers', 'plain', 'p.viewers'],
  ['sentiment', 'plain', sentimentLabel],
  ['negative', 'plain', 'm.negative'],
  ['neutral', 'plain', 'm.neutral'],
  ['positive', 'plain', 'm.positive'],
  ['compound', 'plain', 'm.compound'],
  ['sentimentModel', 'text', 'm.model'],
]

/**
 * A post's hashtags, looked up once however often a column's expression names them: without the
 * offset the planner would write the look-up out in each place.
 */
export const tagsOfPost = `cross join lateral (select ${postTags} as tags offset 0) g`

export const columnNames = columns.map(([name]) => name)

/** Characters by which a cell becomes a formula somewhere; the last four are their wide twins. */
const dangerous = ['=', '+', '-', '@', '\\t', '\\r', '\\n', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20']
const dangerousList = dangerous.map((character) => `E'${character}'`).join(', ')

/**
 * A cell that a spreadsheet would run gets a ' in front. So does one that begins with such a ' of its
 * own, so that taking one ' away gives back the very text. The look at the first code point is what
 * all other cells pay: 3 % of a COPY, where a regular expression takes 20 %.
 */
const harmless = (value: string) => `case when ascii(${value}) in (39, 61, 43, 45, 64, 9, 13, 10,
    65309, 65291, 65293, 65312)
  and left(ltrim(${value}, ''''), 1) in (${dangerousList})
  then '''' || ${value} else ${value} end`

const inCsv: Record<Kind, (value: string) => string> = {
  text: harmless,
  id: (value) => value,
  list: (value) => harmless(`nullif(array_to_string(${value}, ' '), '')`),
  // JSON's own form of a time is ISO 8601, and the fastest way to it.
  time: (value) => `to_json(${value}) #>> '{}'`,
  plain: (value) => value,
}

const inJson: Record<Kind, (value: string) => string> = {
  text: (value) => value,
  id: (value) => `${value}::text`,
  list: (value) => value,
  time: (value) => value,
  plain: (value) => value,
}

const listed = (forms: Record<Kind, (value: string) => string>) =>
  columns.map(([name, kind, value]) => `${forms[kind](value)} as "${name}"`).join(',\n')

export const csvColumns = listed(inCsv)
export const jsonColumns = listed(inJson)
