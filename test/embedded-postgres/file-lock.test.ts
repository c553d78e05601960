import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { withFileLock } from '../../src/database/embedded/file-lock.ts'
import { cleanUp, makeFolder } from './fixtures.ts'

afterEach(cleanUp)

const holder = (pid: number, startedAt: string | null) =>
  JSON.stringify({ pid, startedAt, token: 'dead' })

test.each([
  ['a dead process', holder(2 ** 22 + 1, null)],
  ['an earlier process with our id', holder(process.pid, 'before the reboot/1')],
  ['nobody, after a power failure', ''],
])('many break the lock of %s, and still one only is in at a time', async (_, left) => {
  const lock = join(dirname(await makeFolder()), 'lock')
  await writeFile(lock, left)
  let inside = 0
  const work = async () => {
    inside += 1
    await turn()
    expect(inside).toBe(1)
    inside -= 1
    return 'done'
  }
  const all = Array.from({ length: 12 }, () => withFileLock(lock, () => {}, work))
  expect(await Promise.all(all)).toEqual(Array(12).fill('done'))
})

test('failing work frees the lock', async () => {
  const lock = join(dirname(await makeFolder()), 'lock')
  const fail = () =>
    withFileLock(
      lock,
      () => {},
      () => Promise.reject(new Error('no')),
    )
  await expect(fail()).rejects.toThrow('no')
  expect(
    await withFileLock(
      lock,
      () => {},
      async () => 'in',
    ),
  ).toBe('in')
})
