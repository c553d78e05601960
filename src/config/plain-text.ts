import { isIP } from 'node:net'
import type { Config } from './config.ts'

const isHere = (host: string) =>
  host === '' ||
  host === 'localhost' ||
  host === '::1' ||
  (isIP(host) === 4 && host.startsWith('127.'))

/** The modes in which the driver both encrypts and checks the server's certificate. */
const proven = new Set(['require', 'verify-ca', 'verify-full'])

function crossesInPlainText(address: string): boolean {
  const { protocol, hostname, searchParams } = new URL(address)
  const socket = searchParams.get('host')?.startsWith('/') ?? false
  if (socket || isHere(decodeURIComponent(hostname).replace(/^\[|\]$/g, ''))) return false
  if (protocol === 'rediss:') return false
  return protocol === 'redis:' || !proven.has(searchParams.get('sslmode') ?? '')
}

/** The variables whose stores are reached over a network without a TLS that proves who answers. */
export function plainTextStores({
  database,
  redisUrl,
}: Pick<Config, 'database' | 'redisUrl'>): string[] {
  const addresses: [name: string, address: string | null][] = [
    ['DATABASE_URL', database.url],
    ['DATABASE_APP_URL', database.appUrl],
    ['REDIS_URL', redisUrl],
  ]
  return addresses
    .filter(([, address]) => address !== null && crossesInPlainText(address))
    .map(([name]) => name)
}
