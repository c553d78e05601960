import { estimate } from './estimate.ts'
import { ownWords, type Person } from './own-words.ts'
import { mostUnits, reasonsAgainst } from './password-rules.ts'
import { scoreWords } from './strength-words.ts'

/** A password's strength in words, and what the rules say of it. What is refused is never strong. */
export function judge(
  password: string,
  { email = '', ...names }: Partial<Record<keyof Person, string | undefined>>,
) {
  const person = { email, ...names }
  const reasons = reasonsAgainst(password, person)
  const { score, warning, suggestions } = estimate(password.slice(0, mostUnits), ownWords(person))
  const shown = reasons.length > 0 ? Math.min(score, 1) : score
  return {
    score: shown,
    words: scoreWords[shown] ?? scoreWords[0],
    suggestions: [...(warning ? [warning] : []), ...suggestions],
    acceptable: reasons.length === 0,
    reasons,
  }
}
