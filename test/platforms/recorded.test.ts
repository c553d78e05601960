import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { describe, expect, test } from '@jest/globals'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import type { AnswerShape } from '../../src/platforms/answer-shape.ts'
import { shapes as twitchShapes } from '../../src/platforms/twitch/twitch.shapes.ts'
import { shapes as youtubeShapes } from '../../src/platforms/youtube/youtube.shapes.ts'

/** Answers that the platforms once gave, kept beside the repository and never in it. */
const specs = join(env.REFERENCE_DIR ?? '../shared', 'specs')
const here = existsSync(specs)
if (!here) console.warn(`No recorded answers: set REFERENCE_DIR (looked into ${specs})`)

const Cassette = z.object({
  http_interactions: z.array(
    z.object({
      request: z.object({ uri: z.string() }),
      response: z.object({
        status: z.object({ code: z.number() }),
        body: z.object({ string: z.string() }),
      }),
    }),
  ),
})
type Recorded = { name: string; shape: AnswerShape; body: unknown }

function twitchRecordings(): Recorded[] {
  const files = globSync('twitch/**/*.yml', { cwd: specs })
  return files.flatMap((file) => {
    const { http_interactions } = Cassette.parse(parseYaml(readFileSync(join(specs, file), 'utf8')))
    return http_interactions.flatMap(({ request, response }, index) => {
      const { pathname } = new URL(request.uri)
      const shape = twitchShapes.find((one) => one.path.test(pathname))
      if (!shape || response.status.code !== 200) return []
      return { name: `${file}#${index}`, shape, body: JSON.parse(response.body.string) }
    })
  })
}

const Examples = z.object({ Example: z.object({ value: z.unknown() }).optional() }).catch({})

/** The examples of the reference, one for each endpoint. */
function twitchExamples(): Recorded[] {
  const file = join(specs, 'twitch/openapi.json')
  if (!existsSync(file)) return []
  const { paths } = JSON.parse(readFileSync(file, 'utf8'))
  return twitchShapes.flatMap((shape) => {
    const path = Object.keys(paths).find((one) => shape.path.test(`/helix${one}`))
    const answer = path && paths[path].get?.responses['200']?.content['application/json']
    const example = Examples.parse(answer?.examples).Example
    return example ? [{ name: 'reference', shape, body: example.value }] : []
  })
}

const youtubeKinds: { [kind: string]: string } = {
  'youtube#channelListResponse': 'youtube channels',
  'youtube#playlistItemListResponse': 'youtube uploads',
  'youtube#videoListResponse': 'youtube videos',
  'youtube#videoCategoryListResponse': 'youtube categories',
}

function youtubeRecordings(): Recorded[] {
  return globSync('youtube/python-youtube/**/*.json', { cwd: specs }).flatMap((file) => {
    const body = JSON.parse(readFileSync(join(specs, file), 'utf8')) as { kind?: string }
    const shape = youtubeShapes.find((one) => one.name === youtubeKinds[body.kind ?? ''])
    return shape ? { name: file, shape, body } : []
  })
}

const recordings = here ? [...twitchRecordings(), ...twitchExamples(), ...youtubeRecordings()] : []
const suite = here ? describe : describe.skip

suite('recorded answers', () => {
  test('there are some of each platform', () => {
    expect(
      recordings.filter(({ shape }) => shape.name.startsWith('twitch')).length,
    ).toBeGreaterThan(9)
    expect(
      recordings.filter(({ shape }) => shape.name.startsWith('youtube')).length,
    ).toBeGreaterThan(9)
  })

  test.each(recordings.length > 0 ? recordings : [null])('$shape.name: $name', (recorded) => {
    if (!recorded) return
    const result = recorded.shape.schema.safeParse(recorded.body)
    expect(result.error?.issues ?? []).toEqual([])
    // Nothing that the platform sent is lost on the way in.
    expect(result.data).toMatchObject(recorded.body as object)
  })
})
