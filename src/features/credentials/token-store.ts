import type { TokenStore } from '../../platforms/platform.ts'

type Token = NonNullable<ReturnType<TokenStore['get']>>

/** App tokens live in this process alone: a lost one costs one call, a stored one is a secret more. */
const tokens = new Map<string, Token>()
const mostTokens = 10_000

/** `version` changes with the credentials, so that no token outlives the ones that it was made of. */
export function tokenStore(profileId: string, version: string): TokenStore {
  const key = `${profileId}:${version}`
  return {
    get: () => tokens.get(key) ?? null,
    set: (token) => {
      tokens.delete(key)
      if (!token) return
      tokens.set(key, token)
      const oldest = tokens.keys().next().value
      if (tokens.size > mostTokens && oldest !== undefined) tokens.delete(oldest)
    },
  }
}
