/** A few calls of our own HTTP API, by the door that everybody uses. */
export type Api = {
  url: string
  get: <T>(path: string) => Promise<T>
  post: <T>(path: string, body: unknown) => Promise<T>
  /** Where nothing comes back. */
  send: (path: string, body: unknown) => Promise<void>
  /** Streams the answer; for exports. */
  open: (path: string) => Promise<Response>
}

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

type Problem = { title?: string; detail?: string; errors?: { pointer?: string; detail?: string }[] }

async function failure(path: string, response: Response): Promise<ApiFailure> {
  const text = await response.text()
  try {
    const { title, detail, errors = [] } = JSON.parse(text) as Problem
    const fields = errors.map((error) => ` (${error.pointer}: ${error.detail})`).join('')
    return new ApiFailure(
      response.status,
      `${path}: ${detail ?? title ?? response.status}${fields}`,
    )
  } catch {
    return new ApiFailure(response.status, `${path}: answered ${response.status}`)
  }
}

export function apiAt(url: string, token: string | null = null): Api {
  const headers = { ...(token && { authorization: `Bearer ${token}` }) }
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, init)
    if (!response.ok) throw await failure(path, response)
    return response
  }
  const json = async <T>(response: Response) => (await response.json()) as T
  const send = (path: string, body: unknown) =>
    call(path, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    url,
    get: async <T>(path: string) => json<T>(await call(path, { headers })),
    post: async <T>(path: string, body: unknown) => json<T>(await send(path, body)),
    send: async (path, body) => void (await send(path, body)),
    open: (path) => call(path, { headers }),
  }
}
