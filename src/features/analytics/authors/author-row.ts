import { whyNull } from '../frame/reasons.ts'
import type { AuthorRef, reported } from './author.schemas.ts'

/** An author as rankings read one beside the sums. */
export type AuthorRow = {
  author_id: string
  handle: string
  display_name: string | null
  platform: string
}

type Reported = (typeof reported)[number]

/** `x_n`: how many of the posts tell x. */
export type SumsRow = Record<Reported | `${Reported}_n`, string> & {
  posts: string
  total: string
  /** How many posts tell what `total` sums. */
  n: string
}

export const presentAuthor = (row: AuthorRow): AuthorRef => ({
  id: row.author_id,
  handle: row.handle,
  displayName: row.display_name,
  platform: row.platform as AuthorRef['platform'],
})

export function presentSums(row: SumsRow) {
  const told = (name: Reported) => (Number(row[`${name}_n`]) > 0 ? Number(row[name]) : null)
  const sums = {
    views: told('views'),
    likes: told('likes'),
    comments: told('comments'),
    shares: told('shares'),
  }
  return { posts: Number(row.posts), ...sums, reasons: whyNull(sums, 'not_reported') }
}

/** null of nothing: a post that does not tell is no post without engagement. */
export const sumOrNull = ({ total, n }: Pick<SumsRow, 'total' | 'n'>): number | null =>
  Number(n) > 0 ? Number(total) : null

export const averageOf = ({ total, n }: Pick<SumsRow, 'total' | 'n'>): number | null =>
  Number(n) > 0 ? Number(total) / Number(n) : null
