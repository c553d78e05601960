import { defineEntity, p } from '@mikro-orm/core'
import type { Json } from '../../core/json.ts'

/** A channel, an account or a subreddit that a workspace watches through one profile. */
export const SourceEntity = defineEntity({
  name: 'Source',
  tableName: 'sources',
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    workspaceId: p.bigint('string'),
    profileId: p.bigint('string'),
    platform: p.text(),
    handle: p.text(),
    externalId: p.text(),
    title: p.text().nullable(),
    url: p.text(),
    /** What the adapter keeps so that no call is made twice. */
    details: p.json<{ [key: string]: Json }>().default('{}'),
    followers: p.bigint('number').nullable(),
    isLive: p.boolean().nullable(),
    statisticsAt: p.datetime().nullable(),
    /** Whether the comments under its posts are collected, where its platform has them. */
    collectsComments: p.boolean().default(false),
    /** IANA zone of those who are addressed; null: nobody said. */
    audienceZone: p.text().nullable(),
    createdAt: p.datetime(),
  },
})
