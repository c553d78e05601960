import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { canEnter } from '../../src/database/embedded/run-as.ts'
import {
  cleanUp,
  isRoot,
  makeFolder,
  NOBODY,
  open,
  query,
  readPid,
  startUserProcess,
} from './fixtures.ts'

afterEach(cleanUp)

const nobody = { uid: NOBODY, gid: NOBODY, name: 'nobody' }
const nobodyCanRun =
  isRoot &&
  (await canEnter(import.meta.dirname, nobody)) &&
  (await canEnter(dirname(process.execPath), nobody))
const testAsRoot = isRoot ? test : test.skip
const testAsNobody = nobodyCanRun ? test : test.skip

testAsRoot('root in a private folder: the data is elsewhere, with a pointer to it', async () => {
  const folder = await makeFolder({ isPrivate: true })
  const lines: string[] = []
  const first = await open(folder, lines)
  await query(first.ownerUrl, 'create table kept as select 42 as answer')
  await first.close()

  const pointer = JSON.parse(await readFile(join(folder, 'moved-to.json'), 'utf8'))
  expect(lines.join()).toContain(`kept in ${pointer.to}`)
  expect((await stat(join(pointer.to, 'data'))).uid).not.toBe(0)
  expect((await stat(join(pointer.to, 'credentials.json'))).mode & 0o777).toBe(0o600)

  const second = await open(folder)
  expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  await second.close()
})

testAsNobody('works as an ordinary user, and root may open it then', async () => {
  const folder = await makeFolder()
  const user = startUserProcess(folder, NOBODY)
  const { appUrl } = await user.opened()
  expect((await stat(`/proc/${await readPid(folder)}`)).uid).toBe(NOBODY)
  expect(await query(appUrl, 'select 1 as one')).toEqual([{ one: 1 }])

  const root = await open(folder)
  expect(root.joined).toBe(true)
  await user.close()
  await root.close()
  expect((await stat(join(folder, 'data'))).uid).toBe(NOBODY)

  const again = startUserProcess(folder, NOBODY)
  await again.opened()
  expect(await again.close()).toEqual({ code: 0, stderr: '' })
})

testAsNobody('a folder of another user is refused in words', async () => {
  const folder = await makeFolder()
  await (await open(folder)).close()
  const user = startUserProcess(folder, NOBODY)
  await expect(user.opened()).rejects.toThrow(/may belong to another user/)
})
