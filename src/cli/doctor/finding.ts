export type Level = 'ok' | 'warn' | 'fail'

/** One line of the doctor's report. */
export type Finding = {
  level: Level
  /** What was looked at. */
  what: string
  /** What was found. */
  found: string
  /** What to do about it; absent where nothing is to be done. */
  advice?: string
}

export const ok = (what: string, found: string): Finding => ({ level: 'ok', what, found })
export const warn = (what: string, found: string, advice: string): Finding => ({
  level: 'warn',
  what,
  found,
  advice,
})
export const fail = (what: string, found: string, advice: string): Finding => ({
  level: 'fail',
  what,
  found,
  advice,
})

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
