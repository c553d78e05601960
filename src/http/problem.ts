import { z } from 'zod'
import { AppError, type FieldProblem } from '../core/errors.ts'
import { platformProblem } from './platform-problem.ts'
import { type Problem, statuses, titles } from './problem-codes.ts'

/** RFC 9457, with the request's id, a stable code, and the parts of the request that are wrong. */
export const ProblemDocument = z
  .object({
    type: z.string().meta({ example: 'urn:earshot:problem:invalid_input' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'The path that was asked for' }),
    code: z.string().meta({ description: 'Stable: programs decide by it' }),
    requestId: z.string().meta({ description: 'Quote it when you report a problem' }),
    errors: z
      .array(
        z.object({
          in: z.enum(['body', 'query', 'params']),
          pointer: z.string().meta({ description: 'JSON pointer into that part' }),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' })
export type ProblemDocument = z.infer<typeof ProblemDocument>

/** A refusal that only HTTP knows (405, 415): no service raises it. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** null: not an expected failure, so a bug. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof HttpProblem) return error.problem
  if (error instanceof AppError) {
    const { code, message, fields, retryAfterS } = error
    return { status: statuses[code], code, detail: message, fields, retryAfterS }
  }
  return platformProblem(error) ?? parserProblem(error) ?? outageProblem(error)
}

const parserProblems: Record<string, Problem> = {
  'entity.parse.failed': { status: 400, code: 'invalid_input', detail: 'The body is not JSON.' },
  'request.size.invalid': {
    status: 400,
    code: 'invalid_input',
    detail: 'The body is not as long as Content-Length says.',
  },
  'entity.too.large': {
    status: 413,
    code: 'payload_too_large',
    detail: 'A body may have at most 10 MB.',
  },
  'encoding.unsupported': {
    status: 415,
    code: 'unsupported_media_type',
    detail: 'This Content-Encoding is not understood.',
  },
  'charset.unsupported': {
    status: 415,
    code: 'unsupported_media_type',
    detail: 'JSON is sent as UTF-8.',
  },
}

/** What Express and its body parser raise. */
function parserProblem(error: unknown): Problem | null {
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown }
  const known = typeof type === 'string' ? parserProblems[type] : undefined
  if (known) {
    const fields: FieldProblem[] = [{ in: 'body', pointer: '', message: known.detail }]
    return known.status === 400 ? { ...known, fields } : known
  }
  const ofClient = typeof status === 'number' && status >= 400 && status < 500
  return ofClient ? { status: 400, code: 'invalid_input', detail: 'The request is broken.' } : null
}

/** PostgreSQL's and the network's own codes for "not there": the caller may come again. */
const outages = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|08...|57P0[123]|53300)$/

function outageProblem(error: unknown, depth = 0): Problem | null {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string' && outages.test(code)) {
    const detail = 'A service that Earshot stands on does not answer. Try again in a moment.'
    return { status: 503, code: 'unavailable', detail, retryAfterS: 5 }
  }
  return cause && depth < 4 ? outageProblem(cause, depth + 1) : null
}

export const internalProblem: Problem = {
  status: 500,
  code: 'internal',
  detail: 'This is a fault of ours. It has been recorded under the request id.',
}

export const problemDocument = (
  { status, code, detail, fields }: Problem,
  instance: string,
  requestId: string,
): ProblemDocument => ({
  type: `urn:earshot:problem:${code}`,
  title: titles[code],
  status,
  detail,
  instance,
  code,
  requestId,
  ...(fields?.length && {
    errors: fields.map(({ message, ...where }) => ({ ...where, detail: message })),
  }),
})
