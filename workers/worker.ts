import type { Context } from '../src/context.ts'
import type { TaskDefinition } from '../src/queues/task.ts'

export type Handler<Payload> = {
  task: TaskDefinition<Payload>
  handle: (ctx: Context, payload: Payload) => Promise<unknown>
}
export type AnyHandler = Omit<Handler<unknown>, 'handle' | 'task'> & {
  task: TaskDefinition<unknown>
  handle: (ctx: Context, payload: never) => Promise<unknown>
}

/** A task's name and the one service call that does it. */
export const worker = <Payload>(
  task: TaskDefinition<Payload>,
  handle: Handler<Payload>['handle'],
): AnyHandler => ({ task: task as TaskDefinition<unknown>, handle })
