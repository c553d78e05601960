import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { cleanUp, makeFolder, open, query, readPid, startUserProcess } from './fixtures.ts'

afterEach(cleanUp)

test('a killed command leaves a server that the next one adopts and stops', async () => {
  const folder = await makeFolder()
  const killed = startUserProcess(folder)
  const { ownerUrl } = await killed.opened()
  await query(ownerUrl, 'create table kept as select 42 as answer')
  await killed.kill()
  const pid = await readPid(folder)

  const postgres = await open(folder)
  expect(await readPid(folder)).toBe(pid)
  expect(postgres).toMatchObject({ joined: true, ownerUrl })
  expect(await query(ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  expect(await readdir(join(folder, 'leases'))).toHaveLength(2)

  await postgres.close()
  expect(await readPid(folder)).toBe(0)
  expect(await readdir(join(folder, 'leases'))).toEqual([])
})

test('a killed server recovers, says so, and has kept what was committed', async () => {
  const folder = await makeFolder()
  const before = await open(folder)
  await query(before.ownerUrl, 'create table kept as select 42 as answer')
  process.kill(await readPid(folder), 'SIGKILL')

  const lines: string[] = []
  const after = await open(folder, lines)
  expect(after.joined).toBe(false)
  expect(lines.join()).toMatch(/recovering/)
  expect(await query(after.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  await before.close()
  await after.close()
  expect(await readPid(folder)).toBe(0)
})

test('killed while it makes the database: the next ones, two at once, start over', async () => {
  const folder = await makeFolder()
  const killed = startUserProcess(folder)
  await killed.said('making a new database')
  await killed.kill()

  const users = [startUserProcess(folder), startUserProcess(folder)]
  const opened = await Promise.all(users.map((user) => user.opened()))
  expect(opened.map(({ joined }) => joined).sort()).toEqual([false, true])
  await Promise.all(users.map((user) => user.close()))
  expect(await readPid(folder)).toBe(0)
})

test('a postmaster.pid left by a crash is no obstacle', async () => {
  const folder = await makeFolder()
  await (await open(folder)).close()
  const itsIdIsAnothersNow = `${process.pid}\n`
  for (const content of [itsIdIsAnothersNow, '']) {
    await writeFile(join(folder, 'data', 'postmaster.pid'), content)
    const postgres = await open(folder)
    expect(postgres.joined).toBe(false)
    await postgres.close()
  }
})
