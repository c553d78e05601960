import {
  call,
  clearProblems,
  explain,
  isBadLink,
  offerAnotherMail,
  onSubmit,
  show,
  token,
} from './account.js'

/**
 * A page with one button, and what is typed above it: a link that is only opened changes nothing,
 * because mail scanners open links too.
 */
export function useLink(path) {
  offerAnotherMail()
  show(token ? 'ask' : 'empty')
  onSubmit(document.querySelector('[data-state="ask"] form'), async (typed) => {
    clearProblems()
    const used = await call(path, { token, ...typed })
    if (used.ok) return show('done')
    explain(used)
    if (isBadLink(used)) show('failed')
  })
}
