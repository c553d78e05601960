import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { referencePath } from './reference.ts'

/** An answer that a platform once gave to somebody, as it was written down. */
export type Recording = {
  name: string
  platform: 'twitch' | 'reddit'
  path: string
  status: number
  headers: [name: string, value: string][]
  text: string
}

const folder = referencePath('specs')
export const specFiles = (pattern: string): string[] => globSync(pattern, { cwd: folder })
export const readSpec = (file: string): string => readFileSync(join(folder, file), 'utf8')

const YamlCassette = z.object({
  http_interactions: z.array(
    z.object({
      request: z.object({ uri: z.string() }),
      response: z.object({
        status: z.object({ code: z.number() }),
        headers: z.record(z.string(), z.array(z.string())),
        body: z.object({ string: z.string() }),
      }),
    }),
  ),
})

const JsonCassette = z.object({
  interactions: z.array(
    z.object({
      request: z.object({ uri: z.string() }),
      response: z.object({
        status: z.object({ code: z.number() }),
        headers: z.record(z.string(), z.array(z.string())),
        body: z.object({ string: z.string().optional(), base64_string: z.string().optional() }),
      }),
    }),
  ),
})

const flat = (headers: Record<string, string[]>): [string, string][] =>
  Object.entries(headers).flatMap(([name, [value]]): [string, string][] =>
    value ? [[name.toLowerCase(), value]] : [],
  )
const pathOf = (uri: string) => new URL(uri).pathname

export const twitchRecordings = (): Recording[] =>
  specFiles('twitch/**/*.yml').flatMap((file) =>
    YamlCassette.parse(parseYaml(readSpec(file))).http_interactions.map(
      ({ request, response }, index) => ({
        name: `${file.split('/Twitch_Client/').at(-1)}#${index}`,
        platform: 'twitch',
        path: pathOf(request.uri),
        status: response.status.code,
        headers: flat(response.headers),
        text: response.body.string,
      }),
    ),
  )

/** Bodies kept as base64 are zipped ones of other calls than ours. */
export const redditRecordings = (): Recording[] =>
  specFiles('reddit/prawcore-cassettes/**/*.json').flatMap((file) =>
    JsonCassette.parse(JSON.parse(readSpec(file))).interactions.flatMap(
      ({ request, response }): Recording[] =>
        response.body.base64_string === undefined
          ? [
              {
                name: file.split('test_').at(-1) ?? file,
                platform: 'reddit',
                path: pathOf(request.uri),
                status: response.status.code,
                headers: flat(response.headers),
                text: response.body.string ?? '',
              },
            ]
          : [],
    ),
  )

/** Some recordings were anonymised by hand and are no JSON since. */
export function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
