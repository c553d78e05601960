const username = /^[A-Za-z0-9_]{1,15}$/
const id = /^\d{1,19}$/
const hosts = /^(?:(?:www|mobile|m)\.)?(?:twitter|x)\.com$/i
/** First parts of a path that name one of X's own pages, not an account. */
const ownPages = new Set(
  'compose explore hashtag home intent jobs login messages notifications search settings share signup tos privacy'.split(
    ' ',
  ),
)

/**
 * '@name', 'name', an address of the account or its numeric id -> what `resolve` takes. Digits alone
 * are an id; a name made of digits keeps its '@'. null: none of them.
 */
export function parseHandle(input: string): string | null {
  const trimmed = input.trim()
  const name = trimmed.includes('/') || trimmed.includes('.com') ? fromUrl(trimmed) : trimmed
  if (name === null) return null
  const plain = name.replace(/^@/, '')
  if (id.test(name)) return name
  if (!username.test(plain)) return null
  return id.test(plain) ? `@${plain}` : plain
}

export const isId = (handle: string): boolean => id.test(handle)
export const nameOf = (handle: string): string => handle.replace(/^@/, '')
export const isUsername = (text: string): boolean => username.test(text)

function fromUrl(text: string): string | null {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`)
  if (!url || !hosts.test(url.hostname)) return null
  const [first = '', second = '', third = ''] = url.pathname.split('/').filter(Boolean)
  if (first === 'i') return second === 'user' && id.test(third) ? third : null
  return ownPages.has(first.toLowerCase()) || first === '' ? null : `@${nameOf(first)}`
}
