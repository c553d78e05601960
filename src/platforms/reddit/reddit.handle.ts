const name = /^[A-Za-z0-9]\w{1,20}$|^u_[\w-]{3,20}$/
const id = /^t5_[a-z0-9]{1,13}$/
const host = /^(?:(?<sub>[\w-]+)\.)?reddit\.com$/i
/** Subdomains that show all of Reddit; any other one is an old address of the community itself. */
const ownSubdomains = new Set('www old new np m i sh amp api oauth'.split(' '))
/** Listings across communities, not communities. */
const listings = new Set('all popular mod friends random randnsfw myrandom'.split(' '))

/** 'r/name', 'name', an address or a t5_ id -> the name or id; null: none of them. */
export function parseHandle(input: string): string | null {
  const trimmed = input.trim()
  if (id.test(trimmed)) return trimmed
  const path = /reddit\.com/i.test(trimmed) ? pathOf(trimmed) : trimmed
  const match = path?.match(/^\/?(?:r\/)?([^/\s]+)\/?$/i)
  const handle = match?.[1] ?? ''
  return name.test(handle) && !listings.has(handle.toLowerCase()) ? handle : null
}

export const isId = (handle: string): boolean => id.test(handle)

/** The 'r/name' of an address. */
function pathOf(text: string): string | null {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`)
  const groups = url?.hostname.match(host)?.groups
  if (!url || !groups) return null
  const { sub } = groups
  if (sub && !ownSubdomains.has(sub.toLowerCase())) return `r/${sub}`
  return url.pathname.match(/^\/r\/[^/]+/i)?.[0] ?? null
}
