import { afterEach, expect, test } from '@jest/globals'
import { cleanUp, makeFolder, open, query, readPid, startUserProcess } from './fixtures.ts'

afterEach(cleanUp)

test('a second command joins, and the server outlives the first until the second ends', async () => {
  const folder = await makeFolder()
  const first = startUserProcess(folder)
  const started = await first.opened()
  const second = await open(folder)
  expect(started.joined).toBe(false)
  expect(second).toMatchObject({ joined: true, port: started.port, appUrl: started.appUrl })

  expect(await first.close()).toEqual({ code: 0, stderr: '' })
  expect(await query(second.appUrl, 'select 1 as one')).toEqual([{ one: 1 }])

  await second.close()
  expect(await readPid(folder)).toBe(0)
})

test('three commands at once on a fresh folder: one makes it, the others join', async () => {
  const folder = await makeFolder()
  const users = [folder, folder, folder].map((path) => startUserProcess(path))
  const opened = await Promise.all(users.map((user) => user.opened()))
  expect(opened.map(({ joined }) => joined).sort()).toEqual([false, true, true])
  expect(new Set(opened.map(({ ownerUrl }) => ownerUrl)).size).toBe(1)

  const ends = await Promise.all(users.map((user) => user.close()))
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(await readPid(folder)).toBe(0)
})

test('one process may open twice', async () => {
  const folder = await makeFolder()
  const [one, two] = await Promise.all([open(folder), open(folder)])
  await one.close()
  expect(await query(two.appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  await two.close()
  expect(await readPid(folder)).toBe(0)
})
