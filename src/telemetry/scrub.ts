/** Names whose values stay here, wherever they stand in what is about to be sent. */
const secretName =
  /pass(word|phrase|wd)?|secret|token|authori[sz]ation|cookie|credential|api[-_]?key|dsn|private|sealed|wrapped|jwt|bearer|signature|email/i

const hidden = '[hidden]'

/** Secrets that are told by their looks, inside any text. */
const looks: [RegExp, string][] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, hidden],
  [/\b(Bearer|Basic|OAuth)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
  [/\/\/[^\s/:@]+:[^\s/@]+@/g, `//${hidden}@`],
  [
    /(["']?(?<![\w-])[\w-]*(?:password|secret|token|api[-_]?key|key|credential|authorization)[\w-]*["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s&,;)}]+)/gi,
    `$1${hidden}`,
  ],
  [/\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/g, hidden],
  [/(?<![\w.+-])[\w.+-]+@[\w-]+(\.[\w-]+)+/g, hidden],
]

const deepest = 12
/** An error may quote whatever somebody sent: no more of it is read, or told, than this. */
const longest = 10_000

/** A copy without secrets: by the names they stand under, by their looks, and by value. */
export function scrubbed<T>(input: T, values: readonly string[]): T {
  const known = values.filter((value) => value.length >= 8)
  const text = (given: string) => {
    const byValue = known.reduce((rest, value) => rest.replaceAll(value, hidden), given)
    const told = byValue.length > longest ? `${byValue.slice(0, longest)}…` : byValue
    return looks.reduce((rest, [look, instead]) => rest.replace(look, instead), told)
  }
  const copy = (given: unknown, depth: number): unknown => {
    if (typeof given === 'string') return text(given)
    if (typeof given !== 'object' || given === null) return given
    if (depth > deepest) return hidden
    if (Array.isArray(given)) return given.map((item) => copy(item, depth + 1))
    return Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        secretName.test(name) && value !== null ? hidden : copy(value, depth + 1),
      ]),
    )
  }
  return copy(input, 0) as T
}
