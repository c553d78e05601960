export type ReadMail = { date: string; to: string; subject: string; text: string; html: string }

type Part = { headers: Map<string, string>; body: string }

function splitPart(raw: string): Part {
  const gap = raw.indexOf('\r\n\r\n')
  const head = (gap < 0 ? raw : raw.slice(0, gap)).replace(/\r\n[ \t]+/g, ' ')
  const headers = head.split('\r\n').map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return { headers: new Map(headers), body: gap < 0 ? '' : raw.slice(gap + 4) }
}

const fromQuoted = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    'latin1',
  )

/** =?UTF-8?Q?...?=, and the space between two of them means nothing. */
const decodeHeader = (value: string) =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, form: string, text: string) =>
      (form.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64')
        : fromQuoted(text.replaceAll('_', ' '))
      ).toString('utf8'),
    )

function decodeBody({ headers, body }: Part): string {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase()
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding === 'quoted-printable') {
    return fromQuoted(body.replace(/=\r\n/g, '')).toString('utf8')
  }
  return body
}

/** Reads a mail of ours: multipart/alternative with a text and an HTML. */
export function readMail(raw: string): ReadMail {
  const whole = splitPart(raw)
  const boundary = /boundary="?([^";]+)"?/.exec(whole.headers.get('content-type') ?? '')?.[1]
  const parts = boundary
    ? whole.body
        .split(`--${boundary}`)
        .map((part) => splitPart(part.replace(/^\r\n/, '').replace(/\r\n$/, '')))
    : [whole]
  const bodyOf = (type: string) => {
    const part = parts.find(({ headers }) => headers.get('content-type')?.startsWith(type))
    return part ? decodeBody(part).replaceAll('\r\n', '\n') : ''
  }
  const header = (name: string) => decodeHeader(whole.headers.get(name) ?? '')
  return {
    date: header('date'),
    to: header('to'),
    subject: header('subject'),
    text: bodyOf('text/plain'),
    html: bodyOf('text/html'),
  }
}
