import ipaddr from 'ipaddr.js'

/**
 * Whose budget an address draws on: an IPv4 address its own; an IPv6 address its /64, because one
 * household holds 2^64 of them.
 */
export function addressKey(address: string | undefined): string {
  if (!address || !ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const { parts } = parsed as ipaddr.IPv6
  return `${parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
