import type { PlatformId } from '../world/world.ts'

export type Call = {
  at: string
  platform: PlatformId
  credential: string
  method: string
  path: string
  query: string
  /** 0: the connection was cut or never answered. */
  status: number
  /** Twitch points, X micro-dollars, YouTube units, Reddit requests. */
  cost: number
}

type Counter = {
  platform: PlatformId
  credential: string
  calls: number
  cost: number
  statuses: Record<string, number>
}

export type CallLog = {
  add: (call: Call) => void
  clear: () => void
  read: (platform?: string, credential?: string) => { counters: Counter[]; calls: Call[] }
}

const mostKept = 5000

/** Counts every call; remembers the latest of them whole. */
export function createCallLog(): CallLog {
  let calls: Call[] = []
  const counters = new Map<string, Counter>()
  return {
    add: (call) => {
      calls.push(call)
      // Cut in large steps: shifting one by one would move the whole list for each call.
      if (calls.length > 2 * mostKept) calls = calls.slice(-mostKept)
      const key = `${call.platform} ${call.credential}`
      const counter = counters.get(key) ?? {
        platform: call.platform,
        credential: call.credential,
        calls: 0,
        cost: 0,
        statuses: {},
      }
      counter.calls++
      counter.cost += call.cost
      counter.statuses[call.status] = (counter.statuses[call.status] ?? 0) + 1
      counters.set(key, counter)
    },
    clear: () => {
      calls = []
      counters.clear()
    },
    read: (platform, credential) => {
      const wanted = (each: { platform: string; credential: string }) =>
        (!platform || each.platform === platform) && (!credential || each.credential === credential)
      return {
        counters: [...counters.values()].filter(wanted),
        calls: calls.slice(-mostKept).filter(wanted),
      }
    },
  }
}
