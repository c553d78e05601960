import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { openEmbeddedPostgres } from '../../src/database/embedded/index.ts'
import { cleanUp, makeFolder, open, readPid } from './fixtures.ts'

afterEach(cleanUp)

test('data of another major version, then data without its passwords', async () => {
  const folder = await makeFolder()
  await (await open(folder)).close()
  await writeFile(join(folder, 'data', 'PG_VERSION'), '17\n')
  await expect(open(folder)).rejects.toThrow(/was made by PostgreSQL 17, and this is PostgreSQL 18/)
  await rm(join(folder, 'credentials.json'))
  await expect(open(folder)).rejects.toThrow(/credentials.json is missing/)
})

test('a setting that the server does not take: its own words, and nothing left running', async () => {
  const folder = await makeFolder()
  const options = { folder, log: () => {}, settings: { fsync: 'off', shared_buffers: 'lots' } }
  await expect(openEmbeddedPostgres(options)).rejects.toThrow(/did not start[\s\S]*shared_buffers/)
  expect(await readPid(folder)).toBe(0)
  await (await open(folder)).close()
})
