import { ProblemDocument } from '../../src/http/problem.ts'
import type { Answer } from './app.ts'

/** What no caller may ever be told: our insides. */
const insides =
  /\bat .+:\d+:\d+|node_modules|\bselect\b .*\bfrom\b|violates|syntax error|ECONN|\/src\/|Zod|invalid input syntax|out of range for type/i

/**
 * What is wrong with a refusal: it must be a problem document of one of these statuses, in words,
 * with a pointer to `pointer` where one is named.
 */
export function faultsOf(answer: Answer, statuses: number[], pointer?: string): string[] {
  const parsed = ProblemDocument.safeParse(answer.body)
  const text = JSON.stringify(answer.body)
  if (!statuses.includes(answer.status)) return [`answered ${answer.status} ${text}`]
  if (!parsed.success) return [`is no problem document: ${text}`]
  const { detail, errors = [], status } = parsed.data
  const type = answer.headers.get('content-type') ?? ''
  return [
    ...(type.startsWith('application/problem+json') ? [] : [`is ${type}`]),
    ...(status === answer.status ? [] : [`says ${status} and is ${answer.status}`]),
    ...(detail.length >= 10 ? [] : [`says too little: ${detail}`]),
    ...(insides.test(text) ? [`shows our insides: ${text}`] : []),
    ...(pointer === undefined || errors.some((one) => `${one.in}${one.pointer}` === pointer)
      ? []
      : [`does not point at ${pointer}: ${text}`]),
  ]
}
