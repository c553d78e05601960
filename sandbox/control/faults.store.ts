import { z } from 'zod'
import type { PlatformId } from '../world/world.ts'
import { platformIds } from '../world/world.ts'

const faultKinds = [
  'unauthorized',
  'forbidden',
  'not_found',
  'rate_limited',
  'rate_limited_no_headers',
  'server_error',
  'html',
  'slow',
  'hang',
  'truncated',
  'changed_shape',
  'reset',
  'payment_required',
] as const
export type FaultKind = (typeof faultKinds)[number]

export const FaultRequest = z.strictObject({
  platform: z.enum(platformIds).optional(),
  /** A credential, with or without its `sandbox-` prefix. */
  credential: z.string().optional(),
  /** The start of a path, or a regular expression over path and query. */
  path: z.string().optional(),
  kind: z.enum(faultKinds),
  /** How often it strikes; absent: until it is deleted. */
  times: z.number().int().min(1).optional(),
  delayMs: z.number().int().min(0).max(600_000).default(2000),
  retryAfterS: z.number().int().min(0).default(30),
})
export type FaultRequest = z.infer<typeof FaultRequest>
export type Fault = FaultRequest & { id: string; struck: number }

type Call = { platform: PlatformId; credential: string; path: string; query: string }

/** Faults on demand. The first that fits strikes; one that is used up goes. */
export type FaultStore = {
  add: (fault: FaultRequest) => Fault
  remove: (id?: string) => number
  list: () => Fault[]
  strike: (call: Call) => Fault | null
}

export const shortCredential = (credential: string) =>
  credential.replace(/^sandbox-(?:bearer-|key-|secret-)?/, '')

export function createFaultStore(): FaultStore {
  const faults = new Map<string, Fault>()
  let next = 1
  return {
    add: (request) => {
      const fault = { ...request, id: String(next++), struck: 0 }
      faults.set(fault.id, fault)
      return fault
    },
    remove: (id) => {
      const removed = id === undefined ? faults.size : faults.has(id) ? 1 : 0
      if (id === undefined) faults.clear()
      else faults.delete(id)
      return removed
    },
    list: () => [...faults.values()],
    strike: (call) => {
      const fault = [...faults.values()].find((each) => fits(each, call))
      if (!fault) return null
      fault.struck++
      if (fault.times !== undefined && fault.struck >= fault.times) faults.delete(fault.id)
      return fault
    },
  }
}

function fits(fault: Fault, call: Call): boolean {
  if (fault.platform && fault.platform !== call.platform) return false
  if (fault.credential && shortCredential(fault.credential) !== call.credential) return false
  return fault.path === undefined || pathFits(fault.path, call)
}

function pathFits(pattern: string, { path, query }: Call): boolean {
  if (path.startsWith(pattern)) return true
  try {
    return new RegExp(pattern).test(query === '' ? path : `${path}?${query}`)
  } catch {
    return false
  }
}
