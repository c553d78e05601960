import {
  asSentence,
  byId,
  call,
  clearProblems,
  explain,
  isBadLink,
  offerAnotherMail,
  onSubmit,
  show,
  token,
} from './account.js'

const password = byId('password')
const words = byId('strength')
const meter = document.querySelector('meter')
const codePart = document.querySelector('[data-code]')

offerAnotherMail()
show(token ? 'ask' : 'empty')

const quietMs = 300
let timer
let asked = 0

/** Judged by the server, which has the lists; asked when the typing rests. */
async function judge() {
  const number = ++asked
  const { ok, answer } = await call('/api/auth/password-strength', { password: password.value })
  if (number !== asked || !ok) return
  meter.value = answer.score
  const more = answer.acceptable ? answer.suggestions : answer.reasons
  words.textContent = [answer.words, ...more].map(asSentence).join(' ')
}

password.addEventListener('input', () => {
  clearTimeout(timer)
  words.textContent = ''
  meter.value = 0
  if (password.value) timer = setTimeout(judge, quietMs)
})

onSubmit(document.querySelector('[data-state="ask"] form'), async ({ password: chosen, code }) => {
  clearProblems()
  const done = await call('/api/auth/reset-password', {
    token,
    password: chosen,
    ...(code && { code: code.trim() }),
  })
  if (done.ok) return show('done')
  if (done.answer.errors?.some(({ pointer }) => pointer === '/code')) codePart.hidden = false
  explain(done)
  if (isBadLink(done)) show('empty')
})
