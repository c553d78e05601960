/** What may stand inside a hashtag: letters, marks and digits of any script, and the joiners X allows. */
const inside = '[\\p{L}\\p{M}\\p{Nd}_\\u200c\\u200d\\u00b7\\u05be\\u05f3\\u05f4\\u30fb]'
const before = '(?<![\\p{L}\\p{M}\\p{Nd}_&/])'
const hashtag = new RegExp(`${before}[#\\uff03](${inside}+)(?![#\\uff03])`, 'gu')
/** Not after a letter or a dot, so that no e-mail address is taken for a mention. */
const mention = /(?<![\p{L}\p{M}\p{Nd}_.+-])[@＠]([\p{L}\p{Nd}_][\p{L}\p{M}\p{Nd}_.·-]*)/gu
const redditMention = /(?<![\w/])\/?u\/([\w-]{3,20})(?![\w/-])/gi
/** A fragment (#part) or a user's path in an address is no tag and no mention. */
const address = /\bhttps?:\/\/[^\s<>"'、。「」]+/giu

/** Hashtags of a text, lower case, without '#', each once, in their order. '#2024' alone is none. */
export const hashtagsIn = (text: string | null): string[] =>
  found(text, hashtag, (tag) => (/\p{L}/u.test(tag) ? tag : null))

/** '@name's of a text, lower case, without '@', each once. */
export const mentionsIn = (text: string | null): string[] =>
  found(text, mention, (name) => name.replace(/(?<![.·-])[.·-]+$/u, '') || null)

/** Reddit's way to name a person: u/name or /u/name. */
export const redditMentionsIn = (text: string | null): string[] =>
  found(text, redditMention, (name) => name)

/** A tag from a platform's own tag field ('Speed Run') as a hashtag ('speedrun'); null: no letters. */
export function hashtagOf(tag: string): string | null {
  const kept = tag.normalize('NFC').replace(/[^\p{L}\p{M}\p{Nd}_]/gu, '')
  return /\p{L}/u.test(kept) ? kept.toLowerCase() : null
}

/** One list of hashtags out of several, each once. */
export const distinct = (...lists: string[][]): string[] => [...new Set(lists.flat())]

function found(
  text: string | null,
  pattern: RegExp,
  accept: (match: string) => string | null,
): string[] {
  const plain = (text ?? '').normalize('NFC').replace(address, ' ')
  const names = [...plain.matchAll(pattern)].flatMap(([, name]) => accept(name ?? '') ?? [])
  return distinct(names.map((name) => name.toLowerCase()))
}
