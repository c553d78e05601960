import { type Description, headerFault, type Sent } from './exchange.ts'
import type { Json } from './json-schema.ts'
import { openApiDescription } from './openapi.ts'
import { recordedTypes, unlike } from './recorded-types.ts'
import { jsonOrNothing, twitchRecordings } from './recordings.ts'
import { readReference } from './reference.ts'

/** Twitch's reference knows its API alone; of its login there are recordings. */
export function twitchDescription(): Description {
  const api = openApiDescription({
    spec: readReference('specs', 'twitch', 'openapi.json'),
    prefix: '/helix',
    // Its reference claims dates and objects where Twitch sends "" and null.
    drop: (name, value) =>
      (name === 'format' && value === 'date-time') || (name === 'type' && value === 'object'),
  })
  const recorded = twitchRecordings()
  const typesOf = (wanted: (path: string, status: number) => boolean) =>
    recordedTypes(
      recorded.flatMap(({ path, status, text }) =>
        wanted(path, status) ? [jsonOrNothing(text) as Json] : [],
      ),
    )
  const login = {
    '/oauth2/token': typesOf((path, status) => path === '/oauth2/token' && status === 200),
    '/oauth2/validate': typesOf((path, status) => path === '/oauth2/validate' && status === 200),
  }
  const loginError = typesOf((path, status) => path.startsWith('/oauth2/') && status >= 400)
  const apiError = typesOf((path, status) => path.startsWith('/helix/') && status >= 400)

  return {
    request: (exchange) => {
      const { pathname } = exchange.url
      if (pathname === '/oauth2/token') return tokenFaults(exchange)
      if (pathname === '/oauth2/validate') {
        return headerFault(exchange, 'authorization', /^(OAuth|Bearer) \w+$/)
      }
      return [
        ...api.request(exchange),
        ...headerFault(exchange, 'client-id', /^\S+$/),
        ...headerFault(exchange, 'authorization', /^Bearer \w+$/),
      ]
    },
    response: (exchange) => {
      const { url, status, answer } = exchange
      const object = (answer ?? { 'no JSON': true }) as Json
      if (status !== 200)
        return unlike(url.pathname.startsWith('/oauth2/') ? loginError : apiError, object)
      const known = login[url.pathname as keyof typeof login]
      // Recorded were users' tokens; an app's has neither of these.
      return known ? unlike(known, object) : api.response(exchange)
    },
  }
}

const tokenNames = ['client_id', 'client_secret', 'grant_type']

/** The client credentials grant: all names in the body, none in the address. */
function tokenFaults({ method, url, form }: Sent): string[] {
  return [
    ...(method === 'POST' ? [] : [`${method} asks for no token`]),
    ...tokenNames.filter((name) => !form.get(name)).map((name) => `${name} is missing`),
    ...[...form.keys()].filter((name) => !tokenNames.includes(name)).map((name) => `${name}?`),
    ...[...url.searchParams.keys()].map((name) => `${name} stands in the address`),
  ]
}
