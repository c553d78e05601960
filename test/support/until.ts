import { setTimeout as pause } from 'node:timers/promises'

type Patience = { withinMs?: number; everyMs?: number }

/** Looks at a condition again and again until it holds; says in words what never came true. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  { withinMs = 60_000, everyMs = 25 }: Patience = {},
): Promise<number> {
  const started = performance.now()
  for (;;) {
    if (await condition()) return performance.now() - started
    const passed = performance.now() - started
    if (passed > withinMs) throw new Error(`${what}: not after ${Math.round(passed)} ms`)
    await pause(everyMs)
  }
}
