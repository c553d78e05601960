import { type Answer, jsonAnswer } from '../http/answer.ts'
import { listOf, type SandboxRequest } from '../http/request.ts'
import type { XUser } from '../world/x.world.ts'
import { invalidRequest, missing, suspended } from './x.errors.ts'
import { presentUser, type View } from './x.presenters.ts'

export type XHandler = (view: View, request: SandboxRequest) => XReply
/** Which resources an answer shows: X bills them. */
export type XReply = { answer: Answer; tweetIds: string[]; userIds: string[] }

export const free = (answer: Answer): XReply => ({ answer, tweetIds: [], userIds: [] })

const usernamePattern = /^[A-Za-z0-9_]{1,15}$/
export const idPattern = /^[0-9]{1,19}$/

type Lookup = { parameter: string; pattern: RegExp; find: (value: string) => XUser | null }

const byName = ({ x }: View, parameter: string): Lookup => ({
  parameter,
  pattern: usernamePattern,
  find: x.userByName,
})
const byId = ({ x }: View, parameter: string): Lookup => ({
  parameter,
  pattern: idPattern,
  find: x.userById,
})

/** Unknown and suspended users are errors beside the data, with status 200. */
function lookUp(view: View, values: string[], lookup: Lookup, single: boolean): XReply {
  const { parameter, pattern, find } = lookup
  const bad = values.find((value) => !pattern.test(value))
  if (bad !== undefined || values.length === 0 || values.length > 100) {
    const value = bad ?? values.join(',')
    const message = `The \`${parameter}\` query parameter value [${value}] does not match ${pattern.source}`
    return free(invalidRequest(view.words, parameter, value, message))
  }
  const results = values.map((value) => ({ value, user: find(value) }))
  const users = results.flatMap(({ user }) => (user && user.standing !== 'suspended' ? user : []))
  const errors = results.flatMap(({ value, user }) => {
    if (!user) return missing(view.words, 'user', parameter, value)
    return user.standing === 'suspended' ? suspended(view.words, parameter, value) : []
  })
  const data = users.map((user) => presentUser(view, user))
  const body = {
    ...(data.length > 0 && { data: single ? data[0] : data }),
    ...(errors.length > 0 && { errors }),
  }
  return { answer: jsonAnswer(200, body), tweetIds: [], userIds: users.map(({ id }) => id) }
}

export const usersByNames: XHandler = (view, { query }) =>
  lookUp(view, listOf(query, 'usernames'), byName(view, 'usernames'), false)
export const usersByIds: XHandler = (view, { query }) =>
  lookUp(view, listOf(query, 'ids'), byId(view, 'ids'), false)
export const userByName: XHandler = (view, { params }) =>
  lookUp(view, [params.username ?? ''], byName(view, 'username'), true)
export const userById: XHandler = (view, { params }) =>
  lookUp(view, [params.id ?? ''], byId(view, 'id'), true)
