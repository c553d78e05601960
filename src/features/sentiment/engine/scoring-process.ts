import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../../core/errors.ts'
import type { ScorerReply, ScorerRequest, ScorerSetup } from './scorer-messages.ts'

type Pending = {
  resolve: (scores: Float64Array) => void
  reject: (error: unknown) => void
}

const entryPoint = fileURLToPath(new URL('./scorer/scorer.main.ts', import.meta.url))

/**
 * The engine's side of one scoring process. Once it is gone it stays gone: start another.
 * A process and not a thread, for what onnxruntime does to one: ending a thread, or its process,
 * while a batch is computed aborts the whole process, as does running out of memory.
 */
export class ScoringProcess {
  readonly #child: ChildProcess
  readonly #pending = new Map<number, Pending>()
  #nextId = 0
  #end: AppError | null = null

  constructor(setup: ScorerSetup, onDeath: (reason: string) => void) {
    this.#child = fork(entryPoint, [JSON.stringify(setup)], {
      serialization: 'advanced',
      execArgv: [],
      // No secret of ours is in reach of a model's code; what it prints is not our output.
      env: {},
      stdio: ['ignore', 2, 2, 'ipc'],
    })
    this.#rest()
    const die = (reason: string) => {
      if (!this.#end) onDeath(reason)
      this.#finish(`The scoring process stopped: ${reason}`)
    }
    this.#child.on('message', (reply: ScorerReply) => {
      if (reply.kind === 'unusable') die(reply.message)
      else this.#settle(reply)
    })
    this.#child.on('error', (error) => die(error.message))
    this.#child.on('exit', (code, signal) => die(signal ?? `exit code ${code}`))
  }

  get isGone(): boolean {
    return this.#end !== null
  }

  /** Probabilities of the texts, three a text. Rejects when the process dies or `signal` aborts. */
  score(texts: readonly string[], signal: AbortSignal | undefined): Promise<Float64Array> {
    if (this.#end) return Promise.reject(this.#end)
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<Float64Array>()
    const abort = () => {
      this.#send({ kind: 'cancel', id })
      this.#take(id)?.reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    this.#pending.set(id, { resolve, reject })
    this.#child.ref()
    this.#child.channel?.ref()
    this.#send({ kind: 'score', id, texts })
    return promise.finally(() => signal?.removeEventListener('abort', abort))
  }

  /** Ends it at once: it computes, and keeps nothing. */
  close(): void {
    this.#finish('The sentiment engine was closed')
  }

  #send(request: ScorerRequest): void {
    // A channel that broke is told by the child's exit.
    this.#child.send(request, () => undefined)
  }

  #settle(reply: Exclude<ScorerReply, { kind: 'unusable' }>): void {
    const pending = this.#take(reply.id)
    if (reply.kind === 'scored') pending?.resolve(reply.scores)
    else pending?.reject(new AppError('unavailable', `Scoring failed: ${reply.message}`))
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (this.#pending.size === 0) this.#rest()
    return pending
  }

  /** An idle engine must not keep its process alive. */
  #rest(): void {
    this.#child.unref()
    this.#child.channel?.unref()
  }

  #finish(message: string): void {
    this.#end ??= new AppError('unavailable', message)
    this.#child.kill('SIGKILL')
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(this.#end)
  }
}
