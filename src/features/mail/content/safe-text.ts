const mostCharacters = 80

/** Controls, line separators, and what turns the direction of writing around. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu

/**
 * A text that somebody else chose (a name, a device), as it may stand in our mail: one line, short,
 * and never a link, because mail programs make one of whatever looks like one.
 */
export function safeText(text: string): string {
  const line = text.replace(unseen, ' ').replace(/\s+/g, ' ').trim()
  const characters = Array.from(line)
  const short =
    characters.length > mostCharacters
      ? `${characters.slice(0, mostCharacters - 1).join('')}…`
      : line
  return short.replace(/:\/\//g, ':/\u2060/').replace(/\.(?=[\p{L}\p{N}])/gu, '.\u2060')
}

/** One line and nothing unseen; an address stays whole. */
export const safeAddress = (address: string): string => address.replace(unseen, '').slice(0, 254)

const inUtc = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
})

/** '21 November 2026 at 09:05 UTC' */
export const instantInWords = (at: Date | string): string => `${inUtc.format(new Date(at))} UTC`
