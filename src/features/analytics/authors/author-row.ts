import type { AuthorRef } from './author.schemas.ts'

/** An author as rankings read one beside the sums. */
export type AuthorRow = {
  author_id: string
  handle: string
  display_name: string | null
  platform: string
}

export type SumsRow = {
  posts: string
  views: string
  views_n: string
  likes: string
  comments: string
  shares: string
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

export const presentSums = (row: SumsRow) => ({
  posts: Number(row.posts),
  views: Number(row.views_n) > 0 ? Number(row.views) : null,
  likes: Number(row.likes),
  comments: Number(row.comments),
  shares: Number(row.shares),
})

/** null of nothing: a post that does not tell is no post without engagement. */
export const sumOrNull = ({ total, n }: Pick<SumsRow, 'total' | 'n'>): number | null =>
  Number(n) > 0 ? Number(total) : null

export const averageOf = ({ total, n }: Pick<SumsRow, 'total' | 'n'>): number | null =>
  Number(n) > 0 ? Number(total) / Number(n) : null
