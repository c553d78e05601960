import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

export type SandboxRequest = {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** A form's fields; empty for every other kind of body. */
  form: URLSearchParams
  json: unknown
  /** What the route's pattern captured. */
  params: Record<string, string>
}

const mostBytes = 1_000_000

export async function readRequest(incoming: IncomingMessage): Promise<SandboxRequest> {
  const url = new URL(incoming.url ?? '/', 'http://sandbox')
  const body = await readBody(incoming)
  const type = incoming.headers['content-type'] ?? ''
  return {
    method: incoming.method ?? 'GET',
    path: decodePath(url.pathname),
    query: url.searchParams,
    headers: incoming.headers,
    form: new URLSearchParams(type.includes('json') ? '' : body),
    json: parseJson(body),
    params: {},
  }
}

/** "a+b" stays as it is: a plus is no space in a path. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming) {
    bytes += chunk.length
    if (bytes <= mostBytes) chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

/** Clients repeat a parameter or join its values with commas; the platforms take both. */
export const listOf = (query: URLSearchParams, name: string): string[] =>
  query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')

export const bearerOf = (request: SandboxRequest): string | null =>
  /^(?:bearer|oauth) +(?<token>\S+)/i.exec(request.headers.authorization ?? '')?.groups?.token ??
  null
