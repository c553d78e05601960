import { dictionary } from '@zxcvbn-ts/language-common'
import { undisguised } from './disguise.ts'

/** The most common of the list, which is ordered by how common they are. */
const mostCommon = 30_000

const common = new Set(dictionary['passwords-common'].slice(0, mostCommon))

const atTheEnd = /[^\p{L}]+$/u
const atTheStart = /^[^\p{L}]+/u

/** A shorter rest, or more signs around it, is too little to call it a common password still. */
const leastLetters = 4
const mostSigns = 8

const stillIt = (rest: string, typed: string) =>
  rest.length >= leastLetters && typed.length - rest.length <= mostSigns

/**
 * Whether a password is one of the 30,000 most common ones: as it is, in other cases, with letters
 * written as signs, or with digits and signs put around it.
 */
export function isCommon(password: string): boolean {
  const typed = password.normalize('NFKC').toLowerCase()
  const cut = [typed.replace(atTheEnd, ''), typed.replace(atTheStart, '').replace(atTheEnd, '')]
  const forms = [typed, ...cut.filter((text) => stillIt(text, typed))]
  return forms.flatMap(undisguised).some((text) => common.has(text))
}
