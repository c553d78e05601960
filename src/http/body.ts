import express, { type Request, type Response } from 'express'
import { AppError, type FieldProblem } from '../core/errors.ts'
import { HttpProblem } from './problem.ts'

const bodyLimit = 10 * 1024 * 1024
const deepest = 32
/** Keys that reach into an object's prototype when someone merges carelessly. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

const parseJson = express.json({ limit: bodyLimit, type: () => true })

const hasBody = ({ headers }: Request) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** The request's JSON body; undefined when there is none. */
export async function readBody(request: Request, response: Response): Promise<unknown> {
  if (!hasBody(request)) return undefined
  if (!request.is(['json', '+json'])) {
    const detail = 'A body is sent as Content-Type: application/json.'
    throw new HttpProblem({ status: 415, code: 'unsupported_media_type', detail })
  }
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error?: unknown) => (error ? reject(error) : resolve()))
  })
  refuseTrickery(request.body)
  return request.body
}

const refusal = (message: string) => {
  const fields: FieldProblem[] = [{ in: 'body', pointer: '', message }]
  return new AppError('invalid_input', `The body ${message}.`, { fields })
}

/** Depth and keys that no honest client sends; by a list, because recursion is what depth attacks. */
export function refuseTrickery(body: unknown): void {
  const open: [value: unknown, depth: number][] = [[body, 1]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, depth] = next
    if (typeof value !== 'object' || value === null) continue
    if (depth > deepest) throw refusal(`is nested deeper than ${deepest} levels`)
    for (const [key, inner] of Object.entries(value)) {
      if (forbiddenKeys.has(key)) throw refusal(`has a key that is not allowed (${key})`)
      open.push([inner, depth + 1])
    }
  }
}
