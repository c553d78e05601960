import { type Answer, jsonAnswer } from '../http/answer.ts'
import type { Route } from '../http/platform-api.ts'
import { bearerOf, type SandboxRequest } from '../http/request.ts'
import { isSandboxCredential, type TokenOffice } from '../limits/app-token.ts'
import { redditError, unauthorized, whoaThere } from './reddit.errors.ts'

const tokenLivesS = 86_400

export function basicOf({ headers }: SandboxRequest): { id: string; secret: string } | null {
  const encoded = /^basic +(?<value>\S+)/i.exec(headers.authorization ?? '')?.groups?.value
  if (!encoded) return null
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { id, secret }
}

/** Names that say only which library calls. */
const anonymousAgent =
  /^$|^(?:node|undici|axios|got|curl|wget|python-requests|go-http-client|okhttp|java|ruby|mozilla\/5\.0$)/i

const hidesItsName = ({ headers }: SandboxRequest) =>
  anonymousAgent.test((headers['user-agent'] ?? '').trim())

export const redditOauthRoutes = (office: TokenOffice): Route[] => [
  {
    method: 'POST',
    path: /^\/api\/v1\/access_token$/,
    name: 'access_token',
    open: true,
    handle: (request) => issueToken(office, request),
  },
]

/** Both mean the app and nobody: the second is what snoowrap sends unless told. */
const appOnlyGrants = new Set([
  'client_credentials',
  'https://oauth.reddit.com/grants/installed_client',
])

function issueToken(office: TokenOffice, request: SandboxRequest): Answer {
  if (hidesItsName(request)) return whoaThere(4)
  const basic = basicOf(request)
  if (!basic || !isSandboxCredential(basic.id) || !isSandboxCredential(basic.secret)) {
    return redditError(401, 'Unauthorized')
  }
  // Reddit reports this one with status 200.
  if (!appOnlyGrants.has(request.form.get('grant_type') ?? '')) {
    return jsonAnswer(200, { error: 'unsupported_grant_type' })
  }
  const access_token = office.issue(basic.id, tokenLivesS)
  return jsonAnswer(200, {
    access_token,
    token_type: 'bearer',
    expires_in: tokenLivesS,
    scope: '*',
  })
}

export function refuseReddit(office: TokenOffice, request: SandboxRequest): Answer | null {
  if (hidesItsName(request)) return whoaThere(4)
  return office.read(bearerOf(request) ?? '') ? null : unauthorized()
}
