import { z } from 'zod'
import { AppError, type FieldProblem } from '../core/errors.ts'
import { plainIssue } from './plain-issues.ts'

type Part = FieldProblem['in']

const escaped = (key: PropertyKey) => String(key).replaceAll('~', '~0').replaceAll('/', '~1')
const pointerTo = (path: readonly PropertyKey[]) => path.map((key) => `/${escaped(key)}`).join('')

function problemsOf(part: Part, issue: z.core.$ZodIssue): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      in: part,
      pointer: pointerTo([...issue.path, key]),
      message: 'is not a known field',
    }))
  }
  return [{ in: part, pointer: pointerTo(issue.path), message: issue.message }]
}

const mostProblems = 50

const isUnkeepable = (value: unknown) =>
  typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())

/** Refuses texts that PostgreSQL cannot keep. Looks at what a schema let through: that is small. */
function keepable(part: Part, data: unknown): unknown {
  const open: [value: unknown, path: PropertyKey[]][] = [[data, []]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, path] = next
    const inner = typeof value === 'object' && value !== null ? Object.entries(value) : []
    if (isUnkeepable(value) || inner.some(([key]) => isUnkeepable(key))) {
      const message = 'holds a character that cannot be kept (U+0000, or half of one)'
      const fields: FieldProblem[] = [{ in: part, pointer: pointerTo(path), message }]
      throw new AppError('invalid_input', sentence(fields), { fields })
    }
    for (const [key, one] of inner) open.push([one, [...path, key]])
  }
  return data
}

/** Unknown fields are refused even where a route's author forgot to say strictObject. */
const strictly = (schema: z.ZodType) => (schema instanceof z.ZodObject ? schema.strict() : schema)

/** Reads one part of a request through its schema, or says field by field what is wrong with it. */
export function validator(part: Part, schema: z.ZodType | undefined) {
  if (!schema) return () => undefined
  const strict = strictly(schema)
  return (input: unknown): unknown => {
    const parsed = strict.safeParse(input, { error: plainIssue })
    if (parsed.success) return keepable(part, parsed.data)
    const fields = parsed.error.issues.flatMap((issue) => problemsOf(part, issue))
    throw new AppError('invalid_input', sentence(fields), { fields: fields.slice(0, mostProblems) })
  }
}

function sentence(fields: FieldProblem[]): string {
  const [first] = fields
  if (!first) return 'The request is not valid.'
  const where = first.pointer ? `${first.in} ${first.pointer}` : first.in
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : ''
  return `${where}: ${first.message}${more}`
}
