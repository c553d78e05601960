import { expect, test } from '@jest/globals'
import { createAskedQuestions, type Question } from '../../src/cache/asked-questions.ts'

const question = (workspaceId: string, text: string): Question<null> => ({
  workspaceId,
  text,
  stepMs: 1,
  compute: async () => text,
})
const told = (lately: Question<null>[][]) =>
  lately.map((theirs) => theirs.map(({ workspaceId, text }) => `${workspaceId}:${text}`))

test('each workspace has its most asked first, and who asked last comes first', () => {
  const asked = createAskedQuestions<null>({ mostAskedOfEach: 2 })
  for (const text of ['a', 'b', 'b', 'c', 'c', 'c']) asked.note(question('1', text))
  asked.note(question('2', 'a'))
  expect(told(asked.lately())).toEqual([['2:a'], ['1:c', '1:b']])
  asked.note(question('1', 'a'))
  asked.forget(question('1', 'c'))
  expect(told(asked.lately())[0]).toHaveLength(2)
  expect(told(asked.lately()).flat()).not.toContain('1:c')
})

test('what nobody asked for half an hour is forgotten', () => {
  let nowMs = 0
  const asked = createAskedQuestions<null>({ nowMs: () => nowMs })
  asked.note(question('1', 'old'))
  nowMs = 1_000_000
  asked.note(question('1', 'new'))
  nowMs = 1_800_000
  expect(told(asked.lately())).toEqual([['1:new', '1:old']])
  nowMs = 1_800_001
  expect(told(asked.lately())).toEqual([['1:new']])
  nowMs = 2_800_001
  expect(asked.lately()).toEqual([])
})

test('who asks much pushes out none but their own questions', () => {
  const asked = createAskedQuestions<null>({ questionsOfEach: 3, mostAskedOfEach: 9 })
  asked.note(question('2', 'quiet'))
  for (let n = 0; n < 1_000; n++) asked.note(question('1', `q${n}`))
  const [loud, quiet] = told(asked.lately())
  expect(loud?.toSorted()).toEqual(['1:q997', '1:q998', '1:q999'])
  expect(quiet).toEqual(['2:quiet'])
})

test('of many workspaces those are remembered that asked last', () => {
  const asked = createAskedQuestions<null>({ workspaces: 2 })
  for (const id of ['1', '2', '1', '3']) asked.note(question(id, 'q'))
  expect(told(asked.lately())).toEqual([['3:q'], ['1:q']])
})
