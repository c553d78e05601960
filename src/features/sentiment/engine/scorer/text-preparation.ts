// The models were trained on texts in this form (models/training/prep.py; the reference's card
// asks for the same two placeholders), so a text must reach the tokenizer in it.

/** Raises when the rules below change: old cache rows then no longer answer for new scores. */
export const preparationVersion = 1

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
])

function decodeEntity(entity: string, name: string): string {
  if (!name.startsWith('#')) return entities.get(name.toLowerCase()) ?? entity
  const hexadecimal = name[1] === 'x' || name[1] === 'X'
  const point = Number.parseInt(name.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10)
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : entity
}

const decodeEntities = (text: string) =>
  text.replace(/&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,4});/gi, decodeEntity)

const pictureLink = /pic\.twitter\.com/i

// Word by word: the training's \S*pic\.twitter\.com\S* takes quadratic time on a long word.
const replacePictureLinks = (text: string) =>
  text
    .split(' ')
    .map((word) => (pictureLink.test(word) ? 'http' : word))
    .join(' ')

/** A text as the model knows it: no entities, links as `http`, mentions as `@user`. */
export function prepareText(text: string, maxCharacters: number): string {
  const cut = text.trim().slice(0, maxCharacters)
  // Twice: platforms hand out "&amp;lt;".
  const decoded = cut.includes('&') ? decodeEntities(decodeEntities(cut)) : cut
  const words = decoded
    .replace(/\p{Surrogate}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
  const linked = pictureLink.test(words) ? replacePictureLinks(words) : words
  return linked.replace(/https?:\/\/\S+|www\.\S+/gi, 'http').replace(/@[\p{L}\p{N}_]+/gu, '@user')
}

/** false: nothing but blanks and invisible characters, which have no sentiment to measure. */
export const isScorable = (text: string): boolean => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text)
