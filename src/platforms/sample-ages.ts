import type { Platform } from './platform.ts'

/**
 * Ages of a post, from its publication, at which its numbers are looked at again. PostgreSQL's
 * interval syntax.
 */
const usualSampleAges = [
  '15 minutes',
  '1 hour',
  '3 hours',
  '6 hours',
  '12 hours',
  '1 day',
  '2 days',
  '4 days',
  '7 days',
  '14 days',
  '30 days',
] as const

/** The platform's own plan where looking costs money, else the usual one. */
export const sampleAgesOf = (platform: Pick<Platform, 'sampleAges'>): readonly string[] =>
  platform.sampleAges ?? usualSampleAges

/**
 * Ages of a post at which its comments are read. Late ones are caught up with one look, of posts that
 * are no older than `threadReach`.
 */
export const threadAges = ['1 hour', '6 hours', '24 hours', '7 days'] as const
export const threadReach = '30 days'
