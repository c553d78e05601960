const login = /^[a-z0-9_]{1,25}$/
const hosts = /^(?:(?:www|m|go|clips|player|dashboard)\.)?twitch\.tv$/
/** First parts of a path that name one of Twitch's own pages, not a channel. */
const ownPages = new Set(
  'directory downloads jobs p prime search settings subscriptions turbo videos wallet'.split(' '),
)
/** First parts of a path that stand before the channel's name. */
const prefixes = new Set(['popout', 'moderator', 'embed', 'u'])

/** '@name', 'name', an address of the channel or its numeric id -> login or id; null: none of them. */
export function parseHandle(input: string): string | null {
  const trimmed = input.trim().toLowerCase()
  const name = trimmed.includes('/') || trimmed.includes('.tv') ? fromUrl(trimmed) : trimmed
  const plain = name?.replace(/^@/, '') ?? ''
  return login.test(plain) ? plain : null
}

/** A login may consist of digits too; an id is tried first. */
export const mayBeId = (handle: string): boolean => /^\d+$/.test(handle)

function fromUrl(text: string): string | null {
  const url = URL.parse(/^https?:\/\//.test(text) ? text : `https://${text}`)
  if (!url || !hosts.test(url.hostname)) return null
  const [first = '', second = ''] = url.pathname.split('/').filter(Boolean)
  if (prefixes.has(first)) return second
  return ownPages.has(first) ? null : first || url.searchParams.get('channel')
}
