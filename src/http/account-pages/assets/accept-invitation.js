import { byId, call, clearProblems, explain, onSubmit, say, show, token } from './account.js'

let challenge = null
show(token ? 'ask' : 'empty')

const formOf = (state) => document.querySelector(`[data-state="${state}"] form`)

/** Joins, and ends the session that was opened for it: this page keeps nobody signed in. */
async function join({ answer }) {
  const { accessToken } = answer
  const joined = await call('/api/invitations/accept', { token }, accessToken)
  await call('/api/auth/logout', undefined, accessToken)
  if (!joined.ok) {
    show('ask')
    return explain(joined)
  }
  byId('workspace').textContent = joined.answer.name
  show('done')
}

onSubmit(formOf('ask'), async ({ email, password }) => {
  clearProblems()
  const signedIn = await call('/api/auth/login', { email, password })
  if (!signedIn.ok) return explain(signedIn)
  challenge = signedIn.answer.secondFactor?.challenge ?? null
  if (challenge) return show('code')
  await join(signedIn)
})

onSubmit(formOf('code'), async ({ code }) => {
  clearProblems()
  const signedIn = await call('/api/auth/login/second-factor', { challenge, code: code.trim() })
  if (!signedIn.ok) return explain(signedIn)
  await join(signedIn)
})

onSubmit(byId('register'), async (given) => {
  clearProblems()
  const told = await call('/api/auth/register', {
    email: given['new-email'],
    password: given['new-password'],
  })
  if (!told.ok) return explain(told, { '/email': 'new-email', '/password': 'new-password' })
  byId('register').hidden = true
  say(told.answer.message ?? 'Look into your mailbox.', { calm: true })
})

onSubmit(byId('decline'), async () => {
  clearProblems()
  const declined = await call('/api/invitations/decline', { token })
  if (!declined.ok) return explain(declined)
  show('declined')
})
