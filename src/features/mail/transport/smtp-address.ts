import { isIPv4 } from 'node:net'
import { ConfigError } from '../../../config/config.ts'

/** What SMTP_URL says, in nodemailer's words. */
export type SmtpAddress = {
  host: string
  port: number
  secure: boolean
  requireTLS: boolean
  ignoreTLS: boolean
  name?: string
  auth?: { user: string; pass: string }
  tls: { rejectUnauthorized: boolean; servername?: string; minVersion: 'TLSv1.2' }
}

const known = ['requireTLS', 'ignoreTLS', 'tls.rejectUnauthorized', 'tls.servername', 'name']

const isThisMachine = (host: string) =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))

/**
 * smtps: TLS from the first byte (port 465); smtp: STARTTLS where the server offers it (port 587).
 * With a password it must offer it, except on this machine: a password never travels in clear text.
 */
export function readSmtpUrl(text: string): SmtpAddress {
  const url = new URL(text)
  const settings = url.searchParams
  const unknown = [...settings.keys()].find((key) => !known.includes(key))
  if (unknown) {
    throw new ConfigError(`SMTP_URL: '${unknown}' is no setting. There are: ${known.join(', ')}.`)
  }
  const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '')
  if (!host) throw new ConfigError('SMTP_URL names no host, like smtp://user:password@host:587.')
  const secure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  const servername = settings.get('tls.servername')
  const name = settings.get('name')
  const mustEncrypt = user !== '' && !isThisMachine(host)
  return {
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: settings.has('requireTLS') ? isTrue(settings.get('requireTLS')) : mustEncrypt,
    ignoreTLS: isTrue(settings.get('ignoreTLS')),
    ...(name && { name }),
    ...(user && { auth: { user, pass: decodeURIComponent(url.password) } }),
    tls: {
      rejectUnauthorized: settings.get('tls.rejectUnauthorized') !== 'false',
      ...(servername && { servername }),
      minVersion: 'TLSv1.2',
    },
  }
}

const isTrue = (value: string | null) => ['true', '1', 'yes'].includes(value ?? '')
