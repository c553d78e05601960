/** Read once, and out of the address bar at once: neither history nor a copied address has it. */
export const token = new URLSearchParams(location.hash.slice(1)).get('token')
history.replaceState(null, '', location.pathname)

export const byId = (id) => document.getElementById(id)

/** Shows one state of the page and hides the others. */
export function show(state) {
  for (const section of document.querySelectorAll('[data-state]')) {
    section.hidden = section.dataset.state !== state
  }
  document.querySelector(`[data-state="${state}"] input`)?.focus()
}

/** One sentence above everything; calm: nothing is wrong. Empty: none. */
export function say(sentence, { calm = false } = {}) {
  const notice = byId('notice')
  notice.textContent = sentence
  notice.hidden = !sentence
  notice.classList.toggle('calm', calm)
}

/** Asks the API. Never throws: a network that is away is an answer with a sentence, too. */
export async function call(path, body, accessToken) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      headers: {
        'content-type': 'application/json',
        ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const answer = text.startsWith('{') ? JSON.parse(text) : {}
    return { ok: response.ok, status: response.status, answer }
  } catch {
    const detail = 'Earshot cannot be reached just now. Try again in a moment.'
    return { ok: false, status: 0, answer: { detail } }
  }
}

/** Puts each problem beside its field, and whatever has no field above everything. */
export function explain({ answer }, fieldIds = {}) {
  clearProblems()
  const rest = []
  for (const { pointer, detail } of answer.errors ?? []) {
    const id = fieldIds[pointer] ?? pointer.replace(/^\//, '')
    const problem = byId(`${id}-problem`)
    if (problem && !problem.closest('[hidden]:not(.problem)')) {
      problem.textContent = `${problem.textContent} ${asSentence(detail)}`.trim()
      problem.hidden = false
      byId(id).setAttribute('aria-invalid', 'true')
    } else rest.push(asSentence(detail))
  }
  if (!(answer.errors?.length > 0))
    rest.push(answer.detail ?? 'That did not work. Try again in a moment.')
  say(rest.join(' '))
  document.querySelector('[aria-invalid="true"]')?.focus()
}

/** 'must have 8 characters' is said of a field, 'This link is not good.' is a sentence already. */
export function asSentence(detail) {
  const whole = /^\p{Ll}/u.test(detail) ? `It ${detail}` : detail
  return /[.!?]$/.test(whole) ? whole : `${whole}.`
}

export function clearProblems() {
  say('')
  for (const problem of document.querySelectorAll('.problem')) {
    problem.textContent = ''
    problem.hidden = true
  }
  for (const input of document.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid')
  }
}

/** The link itself is refused: nothing that is typed would help. */
export const isBadLink = ({ answer }) =>
  (answer.errors ?? []).some(({ pointer }) => pointer === '/token')

/** Runs `work` when the form is sent, once at a time. */
export function onSubmit(form, work) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const button = form.querySelector('button')
    button.disabled = true
    try {
      await work(Object.fromEntries(new FormData(form)))
    } finally {
      button.disabled = false
    }
  })
}

/** Forms that ask for another mail. The answer is the same for every address. */
export function offerAnotherMail() {
  for (const form of document.querySelectorAll('[data-again]')) {
    onSubmit(form, async ({ email }) => {
      const told = await call(form.dataset.again, { email })
      if (!told.ok) return explain(told)
      clearProblems()
      form.hidden = true
      say(told.answer.message ?? 'Look into your mailbox.', { calm: true })
    })
  }
}
