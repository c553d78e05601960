import { type Answer, jsonAnswer } from '../http/answer.ts'
import type { Route } from '../http/platform-api.ts'
import { bearerOf, type SandboxRequest } from '../http/request.ts'
import { isSandboxCredential, type TokenOffice } from '../limits/app-token.ts'
import { twitchError } from './twitch.errors.ts'

/** About 58 days, as Twitch gives to app tokens. */
const tokenLivesS = 5_011_271

const field = ({ query, form }: SandboxRequest, name: string) => query.get(name) ?? form.get(name)
export const clientIdOf = (request: SandboxRequest) => field(request, 'client_id')

export const twitchOauthRoutes = (office: TokenOffice, nowMs: () => number): Route[] => [
  {
    method: 'POST',
    path: /^\/oauth2\/token$/,
    name: 'token',
    open: true,
    handle: (request) => issueToken(office, request),
  },
  {
    method: 'GET',
    path: /^\/oauth2\/validate$/,
    name: 'validate',
    open: true,
    handle: (request) => {
      const token = office.read(bearerOf(request) ?? '')
      if (!token) return jsonAnswer(401, { status: 401, message: 'invalid access token' })
      const expires_in = Math.floor((token.expiresMs - nowMs()) / 1000)
      return jsonAnswer(200, { client_id: token.clientId, scopes: null, expires_in })
    },
  },
]

function issueToken(office: TokenOffice, request: SandboxRequest): Answer {
  const refuse = (status: number, message: string) => jsonAnswer(status, { status, message })
  const clientId = clientIdOf(request)
  if (!clientId) return refuse(400, 'missing client id')
  if (!field(request, 'client_secret')) return refuse(400, 'missing client secret')
  if (field(request, 'grant_type') !== 'client_credentials')
    return refuse(400, 'invalid grant type')
  if (!isSandboxCredential(clientId)) return refuse(400, 'invalid client')
  if (!isSandboxCredential(field(request, 'client_secret'))) {
    return refuse(403, 'invalid client secret')
  }
  const access_token = office.issue(clientId, tokenLivesS)
  return jsonAnswer(200, { access_token, expires_in: tokenLivesS, token_type: 'bearer' })
}

/** A token is good only together with the client id that it was issued to. */
export function refuseTwitch(office: TokenOffice, request: SandboxRequest): Answer | null {
  const bearer = bearerOf(request)
  const clientId = request.headers['client-id']
  if (!bearer) return twitchError(401, 'OAuth token is missing')
  if (!clientId) return twitchError(401, 'Client ID is missing')
  const token = office.read(bearer)
  if (!token) return twitchError(401, 'Invalid OAuth token')
  return token.clientId === clientId
    ? null
    : twitchError(401, 'Client ID and OAuth token do not match')
}
