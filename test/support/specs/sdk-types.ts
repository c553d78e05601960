import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Json } from './json-schema.ts'

const { resolve } = createRequire(import.meta.url)

/** `interface Schema$Video { id?: string | null }` -> its lines. */
const interfaces = /export interface (\S+?)(?: extends \S+)? \{\n(.*?)^ {4}\}/gms
/** A type of its own in the place of a name is not looked into. */
const field = /^ {8}(\S+?)\??: (.+;|\{)$/gm

/**
 * The types of Google's own client, which are newer than the discovery document at hand, as JSON
 * schemas: closed, so that a name which YouTube does not know is found.
 */
export function youtubeTypes(): Map<string, Json> {
  const file = join(dirname(resolve('@googleapis/youtube')), 'v3.d.ts')
  const found = readFileSync(file, 'utf8').matchAll(interfaces)
  return new Map(
    [...found].map(([, name = '', body = '']) => [
      name,
      {
        type: 'object',
        properties: Object.fromEntries(
          [...body.matchAll(field)].map(([, key = '', type = '']) => [key, schemaOf(type)]),
        ),
        additionalProperties: false,
      },
    ]),
  )
}

function schemaOf(written: string): Json {
  const type = written.replace(';', '').replace(' | null', '')
  if (type.endsWith('[]')) return { type: 'array', items: schemaOf(type.slice(0, -2)) }
  if (type.startsWith('Schema$')) return { $ref: `sdk:${type}` }
  return ['string', 'number', 'boolean'].includes(type) ? { type } : {}
}
