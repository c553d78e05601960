import { describe, expect, test } from '@jest/globals'
import { postRow } from '../../src/features/posts/post-rows.ts'
import { fieldsBeyond } from '../../src/platforms/answer-shape.ts'
import { Submissions } from '../../src/platforms/reddit/reddit.shapes.ts'
import { Videos } from '../../src/platforms/youtube/youtube.shapes.ts'
import { somePost } from '../support/seed.ts'

const submission = (more = {}) => ({
  kind: 't3',
  data: {
    ...{ id: 'a', name: 't3_a', subreddit: 's', title: 'T', created_utc: 1_763_600_000 },
    ...more,
  },
})
const listing = (children: unknown[]) => ({ kind: 'Listing', data: { children } })
const video = (more: object) => ({ items: [{ id: 'a', ...more }] })

describe('SEC-25: what no platform should send', () => {
  test('texts that the database refuses are stored without what it refuses, and no others change', () => {
    const extra = {
      shown: '\\u0000 \\ud800',
      nul: 'a\u0000b',
      half: 'a\ud800b',
      'key\u0000': '\n"',
    }
    const row = postRow(somePost({ extra, category: `a${'x'.repeat(400)}`, lang: 'e\u0000n' }))
    expect(row.extra).toEqual({
      shown: '\\u0000 \\ud800',
      nul: 'ab',
      half: 'a\ufffdb',
      key: '\n"',
    })
    expect([row.category, row.lang]).toEqual([null, 'en'])
  })

  test('what is nested deeper than can be written is left out, and says so', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)
    const kept = fieldsBeyond({ deep, flat: [[1]], known: 1 }, ['known'])
    expect(kept).toEqual({ deep: expect.stringContaining('nested deeper'), flat: [[1]] })
  })

  test('a child that is nothing is none of ours', () => {
    const { data } = Submissions.parse(listing([null, 1, submission()]))
    expect(data.children).toHaveLength(1)
  })

  test.each([1e300, -1, Number.NaN])('%d seconds are no time', (created_utc) => {
    expect(Submissions.safeParse(listing([submission({ created_utc })])).success).toBe(false)
  })

  test.each(['', 'x'.repeat(300), 'a\u0000', 'a\ud800'])('an id that is no key: %j', (id) => {
    expect(Submissions.safeParse(listing([submission({ id })])).success).toBe(false)
    expect(Videos.safeParse(video({ id })).success).toBe(false)
  })

  test('a count of 400 digits is no number', () => {
    const statistics = { viewCount: '9'.repeat(400) }
    expect(Videos.safeParse(video({ statistics })).success).toBe(false)
    expect(Videos.safeParse(video({ statistics: { viewCount: '12345678901' } })).success).toBe(true)
  })
})
