import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { AnswerShape } from '../../../src/platforms/answer-shape.ts'
import { shapes as redditShapes } from '../../../src/platforms/reddit/reddit.shapes.ts'
import { shapes as twitchShapes } from '../../../src/platforms/twitch/twitch.shapes.ts'
import { shapes as xShapes } from '../../../src/platforms/twitter/twitter.shapes.ts'
import { shapes as youtubeShapes } from '../../../src/platforms/youtube/youtube.shapes.ts'
import {
  jsonOrNothing,
  type Recording,
  readSpec,
  redditRecordings,
  specFiles,
  twitchRecordings,
} from './recordings.ts'
import { hasReference, readReference } from './reference.ts'

export type RecordedBody = {
  platform: 'twitch' | 'twitter' | 'youtube' | 'reddit'
  name: string
  shape: AnswerShape
  body: unknown
}

/** Files of bodies, by the call that brought them. */
const files: [pattern: string, shape: string][] = [
  ['x/python-twitter/testdata/apis/user/users_resp.json', 'x users by name'],
  ['x/python-twitter/testdata/apis/user/{followers,following,muting}_resp.json', 'x users by id'],
  ['x/python-twitter/testdata/apis/tweet/tweets_{resp,by_user_bookmark}.json', 'x posts by id'],
  ['x/python-twitter/testdata/apis/timeline/*.json', 'x timeline'],
  ['x/python-twitter/testdata/apis/searches/*.json', 'x search'],
  ['x/python-twitter/testdata/apis/lists/list_tweets_resp.json', 'x timeline'],
  ['reddit/go-reddit/testdata/listings/posts.json', 'reddit posts'],
  ['reddit/go-reddit/testdata/subreddit/{search-,}posts.json', 'reddit posts'],
  ['reddit/go-reddit/testdata/subreddit/about.json', 'reddit about'],
  ['reddit/go-reddit/testdata/subreddit/list.json', 'reddit info'],
  ['reddit/go-reddit/testdata/post/post.json', 'reddit comments'],
  ['reddit/go-reddit/testdata/{comment,post}/more.json', 'reddit more comments'],
]

const fromFiles = (): RecordedBody[] =>
  files.flatMap(([pattern, name]) =>
    specFiles(pattern).flatMap((file) => {
      const shape = [...xShapes, ...redditShapes].find((one) => one.name === name)
      const platform = file.startsWith('x/') ? 'twitter' : 'reddit'
      return shape ? { platform, name: file, shape, body: JSON.parse(readSpec(file)) } : []
    }),
  )

const fromCassettes = (recordings: Recording[], shapes: AnswerShape[]): RecordedBody[] =>
  recordings.flatMap(({ platform, name, path, status, text }) => {
    const shape = shapes.find((one) => one.path.test(path))
    const body = status === 200 ? jsonOrNothing(text) : undefined
    return shape && body !== undefined ? [{ platform, name, shape, body }] : []
  })

const Examples = z.object({ Example: z.object({ value: z.unknown() }).optional() }).catch({})

/** The examples of Twitch's reference, one for each endpoint. */
function twitchExamples(): RecordedBody[] {
  const file = ['specs', 'twitch', 'openapi.json']
  if (!hasReference(...file)) return []
  const { paths } = readReference(...file) as {
    paths: Record<
      string,
      { get?: { responses: Record<string, { content: Record<string, { examples?: unknown }> }> } }
    >
  }
  return twitchShapes.flatMap((shape): RecordedBody[] => {
    const path = Object.keys(paths).find((one) => shape.path.test(`/helix${one}`))
    const answer = path && paths[path]?.get?.responses['200']?.content['application/json']
    const example = Examples.parse(answer ? answer.examples : undefined).Example
    return example
      ? [{ platform: 'twitch', name: `reference ${path}`, shape, body: example.value }]
      : []
  })
}

const youtubeKinds: { [kind: string]: string } = {
  'youtube#channelListResponse': 'youtube channels',
  'youtube#playlistItemListResponse': 'youtube uploads',
  'youtube#videoListResponse': 'youtube videos',
  'youtube#videoCategoryListResponse': 'youtube categories',
  'youtube#commentThreadListResponse': 'youtube threads',
  'youtube#commentListResponse': 'youtube comments',
}

const youtubeBodies = (): RecordedBody[] =>
  specFiles('youtube/python-youtube/**/*.json').flatMap((file) => {
    const body = JSON.parse(readSpec(file)) as { kind?: string }
    const shape = youtubeShapes.find((one) => one.name === youtubeKinds[body.kind ?? ''])
    return shape ? { platform: 'youtube' as const, name: file, shape, body } : []
  })

/** Every recorded body that is the answer to a call of ours. */
export const recordedBodies = (): RecordedBody[] => [
  ...fromCassettes(twitchRecordings(), twitchShapes),
  ...twitchExamples(),
  ...youtubeBodies(),
  ...fromFiles(),
  ...fromCassettes(redditRecordings(), redditShapes),
]

/** Reads a recorded body as the adapter would: what does not fit, and what was lost on the way. */
export function lossesOf({ shape, body }: RecordedBody): string[] {
  const result = shape.schema.safeParse(body)
  if (!result.success) {
    return result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  }
  return lost(body, result.data, '')
}

/** Defaults may be added to what came; nothing of it may be missing or changed. */
function lost(sent: unknown, read: unknown, at: string): string[] {
  if (Array.isArray(sent)) {
    if (!Array.isArray(read)) return [`${at} is no list any more`]
    if (sent.length !== read.length) return [`${at} has ${read.length} of ${sent.length} items`]
    return sent.flatMap((one, index) => lost(one, read[index], `${at}/${index}`))
  }
  if (typeof sent === 'object' && sent !== null) {
    if (typeof read !== 'object' || read === null) return [`${at} is no object any more`]
    return Object.entries(sent).flatMap(([name, value]) =>
      Object.hasOwn(read, name)
        ? lost(value, (read as Record<string, unknown>)[name], `${at}/${name}`)
        : [`${at}/${name} is lost`],
    )
  }
  return isDeepStrictEqual(sent, read) ? [] : [`${at} is changed`]
}
