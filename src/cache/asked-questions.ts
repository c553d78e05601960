import { type AnswerCache, createAnswerCache } from './answer-cache.ts'

export type Question<Ctx> = {
  workspaceId: string
  /** What is asked, whenever it is asked. */
  text: string
  /** Its period moves on by so much at a time; each step is another answer. */
  stepMs: number
  /** Holds nothing of the request that asked: it runs again, later, for nobody in particular. */
  compute: (ctx: Ctx) => Promise<unknown>
}

export type AskedQuestions<Ctx> = {
  note: (question: Question<Ctx>) => void
  forget: (question: Question<Ctx>) => void
  /** What each workspace asked lately, its most asked first; who asked last comes first. */
  lately: () => Question<Ctx>[][]
}

/** What a process has answered, and what it was asked. */
export type Answers<Ctx> = { cache: AnswerCache; asked: AskedQuestions<Ctx> }

export const createAnswers = <Ctx>(): Answers<Ctx> => ({
  cache: createAnswerCache(),
  asked: createAskedQuestions(),
})

type Known<Ctx> = Question<Ctx> & { times: number; askedMs: number }
type Options = {
  rememberMs?: number
  workspaces?: number
  questionsOfEach?: number
  mostAskedOfEach?: number
  nowMs?: () => number
}

/** Puts a value at the end of a map, whose first entry makes room where it is too large. */
function touch<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (oldest !== undefined && map.size > most) map.delete(oldest)
}

/** Remembers half an hour. One workspace that asks much pushes out none but its own questions. */
export function createAskedQuestions<Ctx>(options: Options = {}): AskedQuestions<Ctx> {
  const { rememberMs = 1_800_000, workspaces = 50, nowMs = () => performance.now() } = options
  const { questionsOfEach = 50, mostAskedOfEach = 5 } = options
  const asked = new Map<string, Map<string, Known<Ctx>>>()
  const forget = ({ workspaceId, text }: Pick<Question<Ctx>, 'workspaceId' | 'text'>) => {
    const theirs = asked.get(workspaceId)
    theirs?.delete(text)
    if (theirs?.size === 0) asked.delete(workspaceId)
  }
  return {
    forget,
    note: (question) => {
      const { workspaceId, text } = question
      const theirs = asked.get(workspaceId) ?? new Map<string, Known<Ctx>>()
      const times = (theirs.get(text)?.times ?? 0) + 1
      touch(theirs, text, { ...question, times, askedMs: nowMs() }, questionsOfEach)
      touch(asked, workspaceId, theirs, workspaces)
    },
    lately: () => {
      const all = [...asked.values()].toReversed().map((theirs) => [...theirs.values()])
      const isOver = ({ askedMs }: Known<Ctx>) => nowMs() - askedMs > rememberMs
      for (const over of all.flat().filter(isOver)) forget(over)
      return all
        .map((theirs) =>
          theirs
            .filter((one) => !isOver(one))
            .toSorted((one, other) => other.times - one.times || other.askedMs - one.askedMs)
            .slice(0, mostAskedOfEach),
        )
        .filter((theirs) => theirs.length > 0)
    },
  }
}
