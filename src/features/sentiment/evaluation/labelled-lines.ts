import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../../core/errors.ts'

export const moods = ['negative', 'neutral', 'positive'] as const
export type Mood = (typeof moods)[number]
export type LabelledText = { text: string; label: Mood }

/** Words as data sets write them, and TweetEval's numbers. */
const spellings: Record<string, Mood> = {
  negative: 'negative',
  neg: 'negative',
  '0': 'negative',
  neutral: 'neutral',
  neu: 'neutral',
  '1': 'neutral',
  positive: 'positive',
  pos: 'positive',
  '2': 'positive',
}

export type Fields = { text: string; label: string }

/**
 * The labelled texts of a JSONL file (.gz too), one object a line. Refuses a line that it does not
 * understand by its number: a label that is guessed wrong makes every figure wrong.
 */
export async function readLabelledLines(path: string, fields: Fields): Promise<LabelledText[]> {
  const texts: LabelledText[] = []
  let number = 0
  try {
    for await (const line of createInterface({ input: open(path), crlfDelay: Infinity })) {
      number++
      if (line.trim()) texts.push(labelled(line, number, fields))
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    const { message } = error as Error
    throw new AppError('invalid_input', `${path} cannot be read: ${message}`, { cause: error })
  }
  return texts
}

function open(path: string) {
  const file = createReadStream(path)
  if (!path.endsWith('.gz')) return file
  const unzipped = createGunzip()
  file.on('error', (error) => unzipped.destroy(error))
  return file.pipe(unzipped)
}

function labelled(line: string, number: number, fields: Fields): LabelledText {
  const row = parsed(line, number)
  const text = row[fields.text]
  const given = row[fields.label]
  if (typeof text !== 'string') throw wrong(number, `has no text in '${fields.text}'`)
  const label = spellings[String(given).trim().toLowerCase()]
  if (!label) {
    const known = 'negative, neutral and positive, or 0, 1 and 2'
    throw wrong(
      number,
      `has the label ${JSON.stringify(given) ?? 'none'} in '${fields.label}'; ${known} are known`,
    )
  }
  return { text, label }
}

function parsed(line: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Said below, with the line's number.
  }
  throw wrong(number, 'is no JSON object')
}

const wrong = (number: number, what: string) =>
  new AppError('invalid_input', `Line ${number} ${what}.`)
