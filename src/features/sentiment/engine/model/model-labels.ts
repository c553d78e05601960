import { AppError } from '../../../../core/errors.ts'

/** Where each class stands among the model's outputs. */
export type ClassPositions = { negative: number; neutral: number; positive: number }

const spellings = {
  negative: ['negative', 'neg'],
  neutral: ['neutral', 'neu'],
  positive: ['positive', 'pos'],
}
// Cardiff NLP's older models name their classes by number, in this order.
const numbered = { negative: 'label_0', neutral: 'label_1', positive: 'label_2' }

/** Reads the classes from a config's `id2label`; a model without exactly our three is refused. */
export function classPositions(model: string, id2label: Record<string, string>): ClassPositions {
  const names = Object.keys(id2label)
    .map(Number)
    .sort((one, other) => one - other)
    .map((id) => id2label[id]?.trim().toLowerCase() ?? '')
  const find = (mood: keyof ClassPositions) =>
    names.findIndex((name) => spellings[mood].includes(name) || name === numbered[mood])
  const positions = {
    negative: find('negative'),
    neutral: find('neutral'),
    positive: find('positive'),
  }
  const known = new Set(Object.values(positions).filter((position) => position >= 0))
  if (names.length !== 3 || known.size !== 3) {
    const found = names.join(', ') || 'none'
    const message = `${model} cannot be used: its classes must be negative, neutral and positive, but are ${found}`
    throw new AppError('invalid_input', message)
  }
  return positions
}
