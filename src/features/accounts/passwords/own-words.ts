import { undisguised } from './disguise.ts'

/** What is easily known of somebody, and so of little use in their password. */
export type Person = {
  email: string
  displayName?: string | null | undefined
  username?: string | null | undefined
}

const shortest = 3
/** At most so many: a display name may have 80 signs. */
const mostWords = 30

const lettersOf = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)

/** The parts of the address, of the names, and our own name; the longest first. */
export function ownWords({ email, displayName, username }: Person): string[] {
  const [local = '', domain = ''] = email.split('@')
  const labels = domain.split('.').slice(0, -1)
  const texts = [local, ...labels, displayName ?? '', username ?? '']
  const whole = [...texts, domain].map((text) => lettersOf(text).join(''))
  const words = new Set([local, domain, ...whole, ...texts.flatMap(lettersOf), 'earshot'])
  return [...words]
    .filter((word) => word.length >= shortest)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, mostWords)
}

/** Whether somebody's own words are taken out of a password and fewer characters than that stay. */
export function leansOnWords(password: string, words: readonly string[], least: number): boolean {
  const typed = password.normalize('NFKC').toLowerCase()
  return undisguised(typed).some((form) => {
    const rest = words.reduce((text, word) => text.replaceAll(word, ''), form)
    return rest.length < form.length && [...rest].length < least
  })
}
