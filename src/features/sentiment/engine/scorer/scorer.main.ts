import { setPriority } from 'node:os'
import type { ScoreRequest, ScorerReply, ScorerRequest, ScorerSetup } from '../scorer-messages.ts'
import { scoreTexts } from './text-scoring.ts'

// The entry point of the scoring process (see scoring-process.ts).

// It lives as long as its parent, which alone decides: Ctrl-C reaches the whole process group.
process.on('disconnect', () => process.exit(0))
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)

const { model, threads, priority } = JSON.parse(process.argv[2] ?? '{}') as ScorerSetup
// Before the inference threads start: they take it over.
setPriority(priority)
const loading = load().catch((error: unknown) => {
  reply({ kind: 'unusable', message: messageOf(error) })
  return null
})

let waiting: ScoreRequest[] = []
let current: { id: number; isCancelled: boolean } | null = null

process.on('message', (request: ScorerRequest) => {
  if (request.kind === 'score') waiting.push(request)
  else cancel(request.id)
  if (!current) void work()
})

async function load() {
  const { loadClassifier } = await import('./classifier.ts')
  return loadClassifier(model, threads)
}

function cancel(id: number): void {
  waiting = waiting.filter((request) => request.id !== id)
  if (current?.id === id) current.isCancelled = true
}

async function work(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) await answer(next)
}

async function answer({ id, texts }: ScoreRequest): Promise<void> {
  const job = { id, isCancelled: false }
  current = job
  try {
    const classifier = await loading
    if (!classifier) return
    const scores = await scoreTexts(classifier, model, texts, () => job.isCancelled)
    if (scores) reply({ kind: 'scored', id, scores })
  } catch (error) {
    reply({ kind: 'failed', id, message: messageOf(error) })
  } finally {
    current = null
  }
}

function reply(message: ScorerReply): void {
  process.send?.(message)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
