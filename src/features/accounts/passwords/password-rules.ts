import { invalidField } from '../../../core/errors.ts'
import { isCommon } from './common-passwords.ts'
import { estimate } from './estimate.ts'
import { leansOnWords, ownWords, type Person } from './own-words.ts'

export const leastCharacters = 8
export const mostCharacters = 128
/** As long as this, letters alone will do. */
const passphraseCharacters = 20

/** Below, a million guesses are enough. */
const leastScore = 2

/** People count what they see typed: a sign outside the first 65,536 counts once, not twice. */
export const characters = (text: string) => [...text].length

/** More than 128 characters have in UTF-16: nothing longer is looked at further. */
export const mostUnits = 2 * mostCharacters

/** Why this password is refused, in plain words that follow on "it"; empty: it is taken. */
export function reasonsAgainst(password: string, person: Person): string[] {
  if (password.length > mostUnits) return [tooLong]
  const length = characters(password)
  if (length > mostCharacters) return [tooLong]
  const against = [...ofItsLength(password, length), ...ofItsWords(password, person)]
  if (against.length > 0) return against
  const { score, warning, suggestions } = estimate(password, ownWords(person))
  return score >= leastScore
    ? []
    : [`is too easy to guess. ${warning ?? suggestions[0] ?? ''}`.trim()]
}

const tooLong = `may have at most ${mostCharacters} characters`

function ofItsLength(password: string, length: number): string[] {
  const against = []
  if (length < leastCharacters) against.push(`must have at least ${leastCharacters} characters`)
  if (length < passphraseCharacters) {
    if (!/\p{L}/u.test(password)) against.push('must contain a letter')
    if (!/[^\p{L}\s]/u.test(password)) {
      const sentence = `must contain a digit or a symbol, or have ${passphraseCharacters} characters`
      against.push(sentence)
    }
  }
  if (new Set(password).size < 4) against.push('must not repeat a few characters')
  return against
}

function ofItsWords(password: string, person: Person): string[] {
  const against = []
  if (isCommon(password)) {
    against.push('is one of the most common passwords, or one with a few signs around it')
  }
  if (leansOnWords(password, ownWords(person), leastCharacters)) {
    against.push(
      'must not be made of your own address or names, or of ours: others try those first',
    )
  }
  return against
}

/** Throws a refusal of the field at `pointer` for the first thing that is wrong. */
export function requireGoodPassword(password: string, person: Person, pointer: string): void {
  const [reason] = reasonsAgainst(password, person)
  if (reason) throw invalidField(pointer, reason)
}
