import { type Answer, jsonAnswer } from '../http/answer.ts'
import type { SandboxRequest } from '../http/request.ts'
import { twitchError } from './twitch.errors.ts'

/** More than this of one kind of id in a call is a bad request. */
const mostIds = 100

/** null: a bad one, or too many; the batch fails as a whole. */
export function idsOf({ query }: SandboxRequest, name: string): string[] | null {
  const ids = query.getAll(name).filter((id) => id !== '')
  const wellFormed = ids.every((id) => /^\d+$/.test(id))
  return wellFormed && ids.length <= mostIds ? ids : null
}

export function loginsOf({ query }: SandboxRequest, name: string): string[] | null {
  const logins = query.getAll(name).filter((login) => login !== '')
  const wellFormed = logins.every((login) => /^[a-z0-9_]{1,25}$/i.test(login))
  return wellFormed && logins.length <= mostIds ? logins : null
}

/** Twitch's pages: 20 unless told, 100 at most, and an opaque cursor to the rest. */
export function page<Item>(
  { query }: SandboxRequest,
  items: readonly Item[],
  present: (items: readonly Item[]) => object,
): Answer {
  const first = Number(query.get('first') ?? 20)
  if (!Number.isInteger(first) || first < 1 || first > 100) {
    return twitchError(
      400,
      'The parameter "first" was malformed: the value must be between 1 and 100',
    )
  }
  const from = readCursor(query.get('after'))
  if (from === null) return twitchError(400, 'The cursor specified in after is not valid')
  const next = from + first
  const pagination = next < items.length ? { cursor: writeCursor(next) } : {}
  return jsonAnswer(200, { ...present(items.slice(from, next)), pagination })
}

const writeCursor = (offset: number) =>
  Buffer.from(JSON.stringify({ b: null, a: { Offset: offset } })).toString('base64')

function readCursor(cursor: string | null): number | null {
  if (!cursor) return 0
  const offset = /"Offset":(?<offset>\d+)/.exec(Buffer.from(cursor, 'base64').toString())?.groups
  return offset?.offset === undefined ? null : Number(offset.offset)
}
