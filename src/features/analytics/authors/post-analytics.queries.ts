import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../../database/sql.ts'

type Count = string | null
export type PostNumbersRow = {
  id: string
  platform: string
  source_id: string
  published_at: Date | string
  title: string | null
  author_name: string | null
  category: string | null
  publish_date: string
  promoted: boolean
  views: Count
  likes: Count
  comments: Count
  shares: Count
  engagement: Count
  upvote_ratio: number | null
  audience: Count
  audience_at: Date | string | null
  tags: string[]
  looks: string
  first_look: Date | string | null
  last_look: Date | string | null
}

export const findPostNumbers = (em: EntityManager, id: string) =>
  firstRow(
    em,
    sql<PostNumbersRow>`
      select p.id, p.platform, p.source_id, p.published_at, p.title, coalesce(a.display_name, a.handle) as author_name, p.category,
        to_char(p.published_at at time zone 'UTC', 'YYYY-MM-DD') as publish_date, p.promoted,
        p.views, p.likes, p.comments, p.shares, p.engagement, p.upvote_ratio, p.audience,
        p.audience_at,
        array(select t.tag from post_tags t where t.post_id = p.id order by t.tag) as tags,
        s.looks, s.first_look, s.last_look
      from posts p left join authors a on a.id = p.author_id
        cross join lateral (select count(*) as looks, min(sampled_at) as first_look,
          max(sampled_at) as last_look from post_samples where post_id = p.id) s
      where p.id = ${id}::bigint`,
  )
