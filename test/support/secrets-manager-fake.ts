import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

// Where the SDK looks for its own credentials first.
process.env.AWS_ACCESS_KEY_ID = 'fake-access-key'
process.env.AWS_SECRET_ACCESS_KEY = 'fake-secret-access-key'

export type Fault = 'denied' | 'throttled' | 'broken' | 'slow' | 'garbage' | 'hangs-up'

type Secret = { versions: Map<string, string>; current: string }
type Input = { SecretId?: string; Name?: string; SecretString?: string; VersionId?: string } & {
  ClientRequestToken?: string
  ForceDeleteWithoutRecovery?: boolean
}
type Reply = { status: number; body: unknown }

export type SecretsManagerFake = {
  url: string
  /** What lies there, by name. */
  secrets: Map<string, Secret>
  /** Each call: its action and the secret's name. */
  calls: string[]
  /** For so many calls, or until it is taken back. */
  fail: (fault: Fault | null, times?: number) => void
  close: () => Promise<void>
}

const refusal = (status: number, type: string, message = ''): Reply => ({
  status,
  body: { __type: type, message },
})

/** AWS Secrets Manager as far as Earshot speaks with it: its JSON protocol, versions and errors. */
export async function startSecretsManager(): Promise<SecretsManagerFake> {
  const secrets = new Map<string, Secret>()
  const calls: string[] = []
  let fault: { kind: Fault; left: number } | null = null

  const take = (): Fault | null => {
    if (!fault || fault.left === 0) return null
    fault.left -= 1
    return fault.kind
  }
  const server = createServer(async (request, response) => {
    const text = await bodyOf(request)
    const input = JSON.parse(text || '{}') as Input
    const action = String(request.headers['x-amz-target']).replace('secretsmanager.', '')
    calls.push(`${action} ${input.Name ?? input.SecretId}`)
    const kind = take()
    if (kind) return spoil(kind, request, response, text)
    const signed =
      /^AWS4-HMAC-SHA256 Credential=fake-access-key\/\d{8}\/eu-central-1\/secretsmanager\//
    if (!signed.test(request.headers.authorization ?? '')) {
      return send(response, refusal(400, 'MissingAuthenticationTokenException'))
    }
    send(response, answer(secrets, action, input))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets,
    calls,
    fail: (next, times = Number.POSITIVE_INFINITY) => {
      fault = next && { kind: next, left: times }
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
  response.end(JSON.stringify(body))
}

/** Errors quote what was sent, as careless servers do: none of it may reach anybody. */
function spoil(
  kind: Fault,
  request: IncomingMessage,
  response: ServerResponse,
  sent: string,
): void {
  const refusals: Partial<Record<Fault, Reply>> = {
    denied: refusal(400, 'AccessDeniedException', sent),
    throttled: refusal(400, 'ThrottlingException', sent),
    broken: refusal(500, 'InternalServiceError', sent),
  }
  const refused = refusals[kind]
  if (refused) send(response, refused)
  else if (kind === 'garbage') response.writeHead(200).end(`<html>${sent}`)
  else if (kind === 'hangs-up') request.socket.destroy()
  // slow: no answer at all until the server closes.
}

type Asked = Input & { name: string; version: string }
type Action = (secrets: Map<string, Secret>, asked: Asked) => Reply

const gone = refusal(400, 'ResourceNotFoundException', "can't find the specified secret")
const done = (name: string, more: object): Reply => ({ status: 200, body: { Name: name, ...more } })

/** Actions on a secret that must be there. */
const onSecret: Record<string, (secret: Secret, asked: Asked) => Reply> = {
  PutSecretValue: (secret, { name, version, SecretString = '' }) => {
    secret.versions.set(version, SecretString)
    secret.current = version
    return done(name, { VersionId: version })
  },
  GetSecretValue: (secret, { name, VersionId = secret.current }) => {
    const text = secret.versions.get(VersionId)
    return text === undefined ? gone : done(name, { VersionId, SecretString: text })
  },
}

const actions: Record<string, Action> = {
  CreateSecret: (secrets, { name, version, SecretString = '' }) => {
    const known = secrets.get(name)
    // The same token and text again are the same creation again.
    if (known && known.versions.get(version) !== SecretString) {
      return refusal(400, 'ResourceExistsException')
    }
    secrets.set(name, { versions: new Map([[version, SecretString]]), current: version })
    return done(name, { VersionId: version })
  },
  DeleteSecret: (secrets, { name, ForceDeleteWithoutRecovery }) => {
    // A forced deletion of what is not there succeeds.
    if (!secrets.delete(name) && !ForceDeleteWithoutRecovery) return gone
    return done(name, { DeletionDate: Date.now() / 1_000 })
  },
}

function answer(secrets: Map<string, Secret>, action: string, input: Input): Reply {
  const name = input.Name ?? input.SecretId ?? ''
  const asked = { ...input, name, version: input.ClientRequestToken ?? randomUUID() }
  const act = actions[action]
  if (act) return act(secrets, asked)
  const secret = secrets.get(name)
  return (secret && onSecret[action]?.(secret, asked)) ?? gone
}
