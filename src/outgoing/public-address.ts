import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Of IPv6 only this is given out to the public internet; what embeds IPv4 lies outside, or below. */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/** Public by number, and yet the machine's own keeper: Azure's WireServer. */
const keepers = new Set(['168.63.129.16'])

/**
 * Whether an address is somebody's on the public internet. Everything that is not surely so is not:
 * private, loopback, link-local, shared (CGNAT), multicast, reserved, for documentation or benchmarks,
 * and every form of IPv6 that carries an IPv4 address inside.
 */
export function isPublicAddress(address: string): boolean {
  // Stricter than ipaddr.js, which reads octal and hexadecimal parts; and no zone ids.
  if (isIP(address) === 0 || address.includes('%')) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast' || keepers.has(parsed.toString())) return false
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(globalUnicast as never)
}
