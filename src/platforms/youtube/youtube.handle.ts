const channelId = /^UC[\w-]{22}$/
const handle = /^@[\p{L}\p{M}\p{Nd}_.·-]{3,30}$/u
const legacyName = /^[\p{L}\p{M}\p{Nd}_.-]{1,60}$/u
const hosts = /^(?:(?:www|m|music|gaming)\.)?youtube\.com$/
/** First parts of a path that name one of YouTube's own pages, not a channel. */
const ownPages = new Set(
  'watch shorts playlist results feed live embed v hashtag post clip premium account t about'.split(
    ' ',
  ),
)

/**
 * '@name', 'name', a channel id or an address of the channel -> what `resolve` takes: 'UC…', '@name',
 * 'user/name' or 'c/name' (two older forms of address); null: none of them.
 */
export function parseHandle(input: string): string | null {
  const text = input.trim().normalize('NFC')
  if (channelId.test(text)) return text
  if (/^(?:user|c)\/[^/]+$/.test(text)) return fromPath(text.split('/'))
  if (text.includes('/') || /youtube\.com/i.test(text)) return fromUrl(text)
  const name = text.startsWith('@') ? text : `@${text}`
  return handle.test(name) ? name.toLowerCase() : null
}

function fromUrl(text: string): string | null {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`)
  if (!url || !hosts.test(url.hostname)) return null
  return fromPath(url.pathname.split('/').filter(Boolean).map(decoded))
}

function fromPath([first = '', second = '']: string[]): string | null {
  if (first.startsWith('@')) return handle.test(first) ? first.toLowerCase() : null
  if (first === 'channel') return channelId.test(second) ? second : null
  if (first === 'user' || first === 'c') {
    return legacyName.test(second) ? `${first}/${second}` : null
  }
  return legacyName.test(first) && !ownPages.has(first) ? `c/${first}` : null
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part).normalize('NFC')
  } catch {
    return part
  }
}
