import { InvalidArgumentError } from 'commander'

/** A number from 0 to 1. */
export const share = (text: string) => {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('must be a number from 0 to 1')
}

/** A hashtag, with or without #. */
export const tag = (text: string) => {
  if (text.replace(/^#/, '').trim() !== '' && text.length <= 300) return text
  throw new InvalidArgumentError('names no hashtag')
}
