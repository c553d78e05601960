import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isPublicAddress } from './public-address.ts'
import { OutgoingRefusal } from './refusal.ts'

export type Address = { address: string; family: number }
export type Resolve = (hostname: string) => Promise<Address[]>

/** A checked address of the web and the machines it may be asked at: those and no others. */
export type Target = { url: URL; addresses: Address[] }

export type TargetRules = {
  resolve: Resolve
  ports: readonly number[]
  isAllowed: (address: string) => boolean
}

export const publicRules: TargetRules = {
  resolve: (hostname) => lookup(hostname, { all: true }),
  ports: [80, 443],
  isAllowed: isPublicAddress,
}

const longest = 2_048

const portOf = ({ port, protocol }: URL) => Number(port || (protocol === 'https:' ? 443 : 80))

/** Everything that can be said of an address without asking anybody. */
export function readTarget(text: string, ports: readonly number[], base?: URL): URL {
  if (text.length > longest || !URL.canParse(text, base?.href))
    throw new OutgoingRefusal('not_an_address')
  const url = new URL(text, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new OutgoingRefusal('scheme')
  if (url.username || url.password) throw new OutgoingRefusal('credentials')
  if (!ports.includes(portOf(url))) throw new OutgoingRefusal('port')
  url.hash = ''
  return url
}

/**
 * Asks for the host's addresses, once: what is checked here is what will be connected to. One address
 * that is not public refuses them all, because a name that points inside is not an honest one.
 */
export async function resolveTarget(url: URL, rules: TargetRules): Promise<Target> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  const addresses = family ? [{ address: host, family }] : await namesAddresses(host, rules.resolve)
  if (!addresses.every(({ address }) => rules.isAllowed(address))) {
    throw new OutgoingRefusal('not_public')
  }
  return { url, addresses }
}

async function namesAddresses(host: string, resolve: Resolve): Promise<Address[]> {
  const found = await resolve(host).catch((cause: unknown) => {
    throw new OutgoingRefusal('unknown_host', { cause })
  })
  if (found.length === 0) throw new OutgoingRefusal('unknown_host')
  return found
}
