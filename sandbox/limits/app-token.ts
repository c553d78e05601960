import { hash32 } from '../world/random.ts'

type AppToken = { clientId: string; expiresMs: number }

/**
 * A token says whose it is and until when, under a seal, so that it is good again after a restart
 * of the sandbox. Nobody's secrets hang on it.
 */
export function createTokenOffice(seed: number, platform: string, nowMs: () => number) {
  const seal = (payload: string) => hash32(seed, platform, payload).toString(16).padStart(8, '0')
  return {
    issue: (clientId: string, livesS: number): string => {
      const expires = Math.floor(nowMs() / 1000) + livesS
      const payload = Buffer.from(`${expires} ${clientId}`).toString('hex')
      return `${seal(payload)}${payload}`
    },
    /** null: not ours, or expired. */
    read: (token: string): AppToken | null => {
      const payload = token.slice(8)
      if (token.slice(0, 8) !== seal(payload)) return null
      const [expires, clientId] = Buffer.from(payload, 'hex').toString('utf8').split(' ')
      const expiresMs = Number(expires) * 1000
      return clientId && expiresMs > nowMs() ? { clientId, expiresMs } : null
    },
  }
}
export type TokenOffice = ReturnType<typeof createTokenOffice>

export const isSandboxCredential = (value: string | null): value is string =>
  value?.startsWith('sandbox') ?? false
