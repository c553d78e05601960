import Bowser from 'bowser'

const unknown = 'Unknown device'
/** Programs name themselves first: 'curl/8.5.0', 'python-requests/2.32'. */
const program = /^[A-Za-z][A-Za-z0-9 ._-]{0,30}/

/** A browser's own words for itself, in words that its user knows: 'Firefox on Linux'. */
export function deviceOf(userAgent: string | null): string {
  if (!userAgent) return unknown
  const { browser, os, platform } = Bowser.parse(userAgent)
  if (browser.name && os.name) return `${browser.name} on ${platform.model ?? os.name}`
  return browser.name || program.exec(userAgent)?.[0]?.trim() || unknown
}
