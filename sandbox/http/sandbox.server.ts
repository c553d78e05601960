import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answerControl, type Control, controlPath } from '../control/control.routes.ts'
import { shortCredential } from '../control/faults.store.ts'
import type { World } from '../world/world.ts'
import { type Answer, jsonAnswer, withHeaders } from './answer.ts'
import { applyFault, type Outcome } from './fault.effects.ts'
import { matchRoute, type PlatformApi } from './platform-api.ts'
import { readRequest, type SandboxRequest } from './request.ts'

type Parts = { apis: readonly PlatformApi[]; control: Control; world: World }

export function createSandboxServer(parts: Parts): Server {
  const server = createServer((incoming, outgoing) => {
    serve(parts, incoming, outgoing).catch((error: unknown) => {
      // A bug of the sandbox, or a client that left: say which, when somebody still listens.
      if (outgoing.writable) send(outgoing, whole(jsonAnswer(500, { error: String(error) })))
    })
  })
  // Hanging on purpose must not be cut short by the server's own patience.
  server.requestTimeout = 0
  server.headersTimeout = 0
  return server
}

const whole = (answer: Answer): Outcome => ({ answer, delivery: 'whole' })

async function serve(parts: Parts, incoming: IncomingMessage, outgoing: ServerResponse) {
  const request = await readRequest(incoming)
  if (request.path.startsWith(controlPath)) {
    send(outgoing, whole(await answerControl(parts.control, parts.world, request)))
    return
  }
  const api = parts.apis.find(({ owns }) => owns(request.path))
  const lost = () => whole(jsonAnswer(404, { error: 'No platform has this path' }))
  send(outgoing, api ? await answerPlatform(parts.control, api, request) : lost())
}

async function answerPlatform(
  { calls, faults, clock }: Control,
  api: PlatformApi,
  request: SandboxRequest,
) {
  const credential = shortCredential(api.credentialOf(request) ?? 'anonymous')
  const call = { platform: api.id, credential, path: request.path, query: visible(request.query) }
  const at = clock.now().toISOString()
  const outcome = await applyFault(api, faults.strike(call), () =>
    answerCall(api, request, credential),
  )
  const answered = outcome.delivery === 'whole' || outcome.delivery === 'truncated'
  calls.add({
    at,
    ...call,
    method: request.method,
    status: answered ? outcome.answer.status : 0,
    cost: outcome.answer.cost ?? 0,
  })
  return outcome
}

async function answerCall(
  api: PlatformApi,
  request: SandboxRequest,
  credential: string,
): Promise<Answer> {
  const route = matchRoute(api, request)
  if (route?.open) return route.handle(request)
  const refused = api.refuse(request)
  if (refused) return refused
  if (!route) return api.unknownRoute()
  const { headers, refusal } = api.count(credential, route)
  return withHeaders(refusal ?? (await route.handle(request)), headers)
}

const secrets = ['client_secret', 'key']

/** The log holds no secrets, not even those that are public knowledge. */
function visible(query: URLSearchParams): string {
  const shown = new URLSearchParams(query)
  for (const name of secrets) if (shown.has(name)) shown.set(name, '***')
  return shown.toString()
}

function send(outgoing: ServerResponse, { answer, delivery }: Outcome): void {
  if (delivery === 'hang') return
  if (delivery === 'reset') {
    outgoing.socket?.resetAndDestroy()
    return
  }
  const body = Buffer.from(answer.status === 304 || answer.status === 204 ? '' : answer.body)
  outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
  if (delivery === 'whole') outgoing.end(body)
  // Promised whole, cut in the middle: what a dying proxy does.
  else outgoing.write(body.subarray(0, body.length / 2), () => outgoing.socket?.destroy())
}
