import { createHash } from 'node:crypto'
import { type Answer, jsonAnswer } from '../http/answer.ts'
import { listOf, type SandboxRequest } from '../http/request.ts'
import { invalidValue, missingPart, unknownPart } from './youtube.errors.ts'

export type Resource = Record<string, unknown>

const etagOf = (body: unknown) =>
  createHash('sha1').update(JSON.stringify(body)).digest('base64url')

/** Adds kind and etag, and the id where the resource has one. */
export function resource(kind: string, id: unknown, parts: Resource): Resource {
  const body = { ...(id !== undefined && { id }), ...parts }
  return { kind: `youtube#${kind}`, etag: etagOf(body), ...body }
}

/** The parts asked for, or the refusal. */
export function partsOf({ query }: SandboxRequest, known: readonly string[]): Set<string> | Answer {
  const parts = listOf(query, 'part')
  if (parts.length === 0) return missingPart()
  const bad = parts.find((part) => !known.includes(part))
  return bad === undefined ? new Set(parts) : unknownPart(bad)
}

/** Only the parts asked for; an absent figure is an absent field, never null. */
export const pickParts = (parts: ReadonlySet<string>, all: Record<string, () => Resource | null>) =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, build]) => {
      const part = parts.has(name) ? build() : null
      return part ? [[name, part]] : []
    }),
  )

type Page<Item> = {
  items: readonly Item[]
  next: string | null
  previous: string | null
  size: number
}

/** Pages by offset: YouTube's tokens name a place in the list, too. */
export function pageOf<Item>(
  { query }: SandboxRequest,
  all: readonly Item[],
  { most, usual }: { most: number; usual: number },
): Page<Item> | Answer {
  const size = Number(query.get('maxResults') ?? usual)
  if (!Number.isInteger(size) || size < 0 || size > most) return invalidValue('maxResults')
  const token = query.get('pageToken')
  const from = token ? readToken(token) : 0
  if (from === null) return invalidValue('pageToken', 'invalidPageToken')
  return {
    items: all.slice(from, from + size),
    next: from + size < all.length && size > 0 ? writeToken(from + size) : null,
    previous: from > 0 ? writeToken(Math.max(0, from - size)) : null,
    size,
  }
}

const writeToken = (offset: number) => Buffer.from(`CAUQ:${offset}`).toString('base64url')

function readToken(token: string): number | null {
  const offset = /^CAUQ:(?<offset>\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.groups
  return offset?.offset === undefined ? null : Number(offset.offset)
}

/** The list around the items, with its etag: the same etag sent back is answered with 304. */
export function listAnswer(request: SandboxRequest, kind: string, body: Resource): Answer {
  const etag = etagOf(body)
  const headers = {
    etag: `"${etag}"`,
    vary: 'Origin, X-Origin, Referer',
    'cache-control': 'private',
  }
  const known = request.headers['if-none-match']?.replace(/^W\//, '').replaceAll('"', '')
  if (known === etag) return { status: 304, headers, body: '' }
  return jsonAnswer(200, { kind: `youtube#${kind}`, etag, ...body }, headers)
}

export const isAnswer = (value: object): value is Answer => 'status' in value && 'headers' in value
