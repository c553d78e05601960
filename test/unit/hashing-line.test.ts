import { AppError } from '../../src/core/errors.ts'
import { createHashingLine, type Place } from '../../src/features/accounts/hashing/hashing-line.ts'
import { placeOfPerson } from '../../src/features/accounts/password.ts'

const stranger = (from: string): Place => ({ from, familiar: false })
const friend: Place = { from: 'home', familiar: true }

const noRest = async () => {}

/** A line whose work ends when it is told to, in the order in which it began. */
function openLine(rest: (workedMs: number) => Promise<void> = noRest) {
  const line = createHashingLine({ atOnce: 1, waiting: 4, waitingFrom: 2, rest })
  const begun: { name: string; end: () => void }[] = []
  const join = (place: Place, name = place.from ?? '') => {
    const work = () => new Promise<void>((end) => void begun.push({ name, end }))
    return line.run(place, work).then(
      () => 'served',
      (error: AppError) => error.code,
    )
  }
  const serveAll = async () => {
    for (let n = 0; n < begun.length; n += 1) {
      begun[n]?.end()
      await new Promise(setImmediate)
    }
    return begun.map(({ name }) => name)
  }
  return { line, join, serveAll }
}

test('SEC-10: a flood from everywhere waits in its own part of the line, and a friend goes ahead of it', async () => {
  const { line, join, serveAll } = openLine()
  const flood = Array.from({ length: 20 }, (_, n) => join(stranger(`bot ${n}`)))
  expect(() => line.requireRoom(stranger('another'))).toThrow('Too many people')
  expect(() => line.requireRoom(friend)).not.toThrow()
  const served = join(friend)
  expect(await serveAll()).toEqual(['bot 0', 'home', 'bot 1', 'bot 2', 'bot 3', 'bot 4'])
  expect(await served).toBe('served')
  const answers = await Promise.all(flood)
  expect(answers.filter((answer) => answer === 'served')).toHaveLength(5)
  expect(answers.filter((answer) => answer === 'unavailable')).toHaveLength(15)
})

test('SEC-10: one address takes no more than its share of the line', async () => {
  const { join, serveAll } = openLine()
  const flood = Array.from({ length: 20 }, () => join(stranger('bot')))
  const honest = [join(stranger('ada')), join(stranger('bob'))]
  expect(await serveAll()).toEqual(['bot', 'bot', 'bot', 'ada', 'bob'])
  expect(await Promise.all(honest)).toEqual(['served', 'served'])
  expect((await Promise.all(flood)).filter((answer) => answer === 'served')).toHaveLength(3)
})

test('SEC-10: one person in a session leaves room for the others who are familiar', async () => {
  const line = createHashingLine({ atOnce: 1, waiting: 4, waitingFrom: 4, rest: noRest })
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const join = (place: Place) =>
    line
      .run(place, () => held)
      .then(
        () => 'served',
        ({ code }: AppError) => code,
      )
  const flood = Array.from({ length: 20 }, () => join(placeOfPerson('7')))
  const others = [join(placeOfPerson('8')), join(friend)]
  release()
  expect(await Promise.all(others)).toEqual(['served', 'served'])
  expect((await Promise.all(flood)).filter((answer) => answer === 'served')).toHaveLength(3)
})

test('SEC-10: places are given back, also by work that fails', async () => {
  const line = createHashingLine({ atOnce: 1, waiting: 1, waitingFrom: 1, rest: noRest })
  const fail = () => line.run(friend, () => Promise.reject(new Error('broken')))
  for (let n = 0; n < 5; n += 1) {
    const both = await Promise.allSettled([fail(), fail(), fail()])
    const reasons = both.map((one) => one.status === 'rejected' && one.reason)
    expect(reasons.map(({ message }) => message === 'broken')).toEqual([true, true, false])
    expect(reasons[2]).toBeInstanceOf(AppError)
  }
  await expect(line.run(friend, async () => 'served')).resolves.toBe('served')
})

test('SEC-10: after a stranger comes a rest, which only the familiar may use', async () => {
  const rests: (() => void)[] = []
  const { join, serveAll, line } = openLine(() => new Promise((end) => void rests.push(end)))
  const flood = [join(stranger('bot 1')), join(stranger('bot 2')), join(stranger('bot 3'))]
  expect(await serveAll()).toEqual(['bot 1'])
  // Answered at once: the rest is the next one's wait, not this one's.
  expect(await flood[0]).toBe('served')
  const home = join(friend)
  expect(await serveAll()).toEqual(['bot 1', 'home'])
  expect(await home).toBe('served')
  expect(rests).toHaveLength(1)
  rests[0]?.()
  await new Promise(setImmediate)
  expect(await serveAll()).toEqual(['bot 1', 'home', 'bot 2'])
  expect(() => line.requireRoom(stranger('bot 4'))).not.toThrow()
})
