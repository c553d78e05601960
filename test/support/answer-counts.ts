import type { TestApp } from './app.ts'

/** How often analytics were answered so, as an operator reads it. */
export async function answerCounts(app: TestApp): Promise<Record<string, number>> {
  const text = await (await fetch(`${app.url}/metrics`)).text()
  const found = text.matchAll(/^earshot_answers_total\{outcome="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...found].map(([, outcome = '', count]) => [outcome, Number(count)]))
}
