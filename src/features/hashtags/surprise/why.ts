type Listed = { authors: number; windowMinutes: number; expected: number }
type When = { at: Date; zone: string; weeksSeen: number }

const weekday = (at: Date, zone: string) =>
  new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: zone }).format(at)

const rounded = (value: number) => value.toFixed(value < 9.95 ? 1 : 0)

/** 23 authors in 60 minutes, 2.1 are usual on Tuesdays at this hour */
export function whyListed({ authors, windowMinutes, expected }: Listed, when: When): string {
  const usual = when.weeksSeen > 0 ? ` on ${weekday(when.at, when.zone)}s at this hour` : ''
  return `${authors} authors in ${windowMinutes} minutes, ${rounded(expected)} are usual${usual}`
}

export const whyWithheld = (byOne: number, posts: number): string =>
  `one author wrote ${byOne} of ${posts} posts`
