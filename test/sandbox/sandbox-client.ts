import {
  type Sandbox,
  type SandboxOptions,
  type SourceListing,
  startSandbox,
} from '../../sandbox/index.ts'

export const noon = new Date('2026-11-20T12:00:00Z')

export type Reply = { status: number; headers: Headers; body: never; text: string }

/** The sandbox in this process, with good credentials of every platform at hand. */
export async function openSandbox(options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ now: noon, ...options })
  return { sandbox, ...createClient(sandbox, 'test') }
}

export function createClient(sandbox: Sandbox, name: string) {
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
    read(await fetch(`${sandbox.url}${path}`, { headers }))
  const control = async (method: string, path: string, body?: object): Promise<Reply> =>
    read(
      await fetch(`${sandbox.url}/__sandbox/${path}`, {
        method,
        ...(body && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      }),
    )
  const agent = { 'user-agent': 'earshot-test/1.0' }
  const x = { authorization: `Bearer sandbox-bearer-${name}` }
  const youtube = { 'x-goog-api-key': `sandbox-key-${name}` }
  const twitch = async () => {
    const query = `grant_type=client_credentials&client_id=sandbox-${name}&client_secret=sandbox-secret-${name}`
    const reply = await read(
      await fetch(`${sandbox.url}/oauth2/token?${query}`, { method: 'POST' }),
    )
    const { access_token } = reply.body as { access_token: string }
    return { 'client-id': `sandbox-${name}`, authorization: `Bearer ${access_token}` }
  }
  const reddit = async () => {
    const basic = Buffer.from(`sandbox-${name}:sandbox-secret-${name}`).toString('base64')
    const reply = await read(
      await fetch(`${sandbox.url}/api/v1/access_token`, {
        method: 'POST',
        headers: { ...agent, authorization: `Basic ${basic}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      }),
    )
    const { access_token } = reply.body as { access_token: string }
    return { ...agent, authorization: `Bearer ${access_token}` }
  }
  const sources = async (platform: string): Promise<SourceListing[]> =>
    (await control('GET', `sources?platform=${platform}`)).body
  return { get, control, sources, x, youtube, twitch, reddit, agent }
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') && text !== ''
  return {
    status: response.status,
    headers: response.headers,
    body: (json ? JSON.parse(text) : null) as never,
    text,
  }
}
