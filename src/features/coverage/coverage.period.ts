import { AppError, type FieldProblem } from '../../core/errors.ts'

const dayMs = 86_400_000

export type PeriodInput = {
  from?: string | undefined
  to?: string | undefined
  days?: number | undefined
}

const wrong = (pointer: FieldProblem['pointer'], message: string) =>
  new AppError('invalid_input', message, { fields: [{ in: 'query', pointer, message }] })

/** From-to as asked, or the last `days` (30): never past now, because nobody has seen that yet. */
export function periodOf({ from, to, days }: PeriodInput, now: Date): { from: string; to: string } {
  if (days !== undefined && (from || to)) {
    throw wrong('/days', 'Say either days or from and to, not both.')
  }
  const end = to && Date.parse(to) < now.getTime() ? new Date(to) : now
  const start = from ? new Date(from) : new Date(end.getTime() - (days ?? 30) * dayMs)
  if (start.getTime() >= end.getTime())
    throw wrong('/from', 'from must lie before to and before now.')
  return { from: start.toISOString(), to: end.toISOString() }
}
