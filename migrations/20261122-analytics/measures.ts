/**
 * What is summed of posts. `x_n` counts the posts that tell x. Ratios are kept as whole billionths:
 * sums of whole numbers can be taken back exactly, sums of floats cannot.
 */
const ofPosts: [name: string, expression: (p: string) => string][] = [
  ['posts', () => '1'],
  ...['views', 'likes', 'comments', 'shares', 'score'].flatMap(
    (name): [string, (p: string) => string][] => [
      [`${name}_n`, (p) => `(${p}.${name} is not null)::int`],
      [name, (p) => `coalesce(${p}.${name}, 0)`],
    ],
  ),
  ['engagement_n', (p) => `(${engagement(p)} is not null)::int`],
  ['engagement', (p) => `coalesce(${engagement(p)}, 0)`],
  ...rate('er_views', engagement, (p) => `${p}.views`),
  ...rate('er_followers', engagement, (p) => `${p}.audience`),
  ...rate(
    'like_rate',
    (p) => `${p}.likes`,
    (p) => `${p}.views`,
  ),
  ['upvote_n', (p) => `(${p}.upvote_ratio is not null)::int`],
  ['upvote', (p) => `coalesce(${billionths(`${p}.upvote_ratio`)}, 0)`],
]

function engagement(p: string): string {
  return `${p}.engagement`
}

function billionths(expression: string): string {
  return `round((${expression})::numeric * 1000000000)::bigint`
}

function rate(
  name: string,
  part: (p: string) => string,
  whole: (p: string) => string,
): [string, (p: string) => string][] {
  const said = (p: string) => `${part(p)} is not null and ${whole(p)} > 0`
  const whereSaid = (p: string, value: string) => `case when ${said(p)} then ${value} else 0 end`
  return [
    [`${name}_n`, (p) => `coalesce(${said(p)}, false)::int`],
    [name, (p) => whereSaid(p, billionths(`${part(p)}::numeric / ${whole(p)}`))],
    // Of the same posts and no others: what a ratio of sums divides.
    [`${name}_part`, (p) => whereSaid(p, part(p))],
    [`${name}_whole`, (p) => whereSaid(p, whole(p))],
  ]
}

const mood = (s: string) => `mood_of(${s}.negative, ${s}.neutral, ${s}.positive)`
const ofMoods: [name: string, expression: (s: string) => string][] = [
  ['scored', (s) => `(${s}.post_id is not null)::int`],
  ...['negative', 'neutral', 'positive'].map((name): [string, (s: string) => string] => [
    name,
    (s) => `coalesce(${s}.post_id is not null and ${mood(s)} = '${name}', false)::int`,
  ]),
  ['compound', (s) => `coalesce(${billionths(`${s}.compound`)}, 0)`],
  [
    'compound_sq',
    (s) => `coalesce(${billionths(`${s}.compound::numeric * ${s}.compound::numeric`)}, 0)`,
  ],
]

export const measures = [...ofPosts, ...ofMoods].map(([name]) => name)

/** What one post (row `p`) and its mood (row `s`) add, or with -1 take away; null: that part is not meant. */
export const changes = (p: string | null, s: string | null, sign: 1 | -1): string =>
  [
    ...ofPosts.map(([name, expression]) => [name, p === null ? '0' : expression(p)]),
    ...ofMoods.map(([name, expression]) => [name, s === null ? '0' : expression(s)]),
  ]
    .map(([name, expression]) => `(${sign} * (${expression}))::bigint as ${name}`)
    .join(', ')

export const sums = (): string => measures.map((name) => `sum(${name})::bigint`).join(', ')
export const noSums = (): string => measures.map((name) => `sum(${name}) = 0`).join(' and ')
