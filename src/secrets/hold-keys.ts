import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import process from 'node:process'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from '../core/logger.ts'
import { checkMasterKeys, useChosenKey } from './key-check.ts'
import type { Keyring } from './keyring.ts'
import { beat, joinProcesses, leaveProcesses, type RunningProcess } from './processes.ts'

/** So soon a running process knows of a new key, and of the choice of another one. */
const beatEveryMs = 5_000

type Holder = {
  em: () => EntityManager
  keyring: Keyring
  name: 'api' | 'worker' | 'cli'
  log: Logger
}

/**
 * Checks the master keys, and as long as the process lives keeps the other ones knowing which it
 * holds. It joins before it checks: a rotation that it does not see sees it. A command is no process
 * that anything has to wait for.
 */
export async function holdKeys({ em, keyring, name, log }: Holder) {
  if (name === 'cli') {
    await checkMasterKeys(em(), keyring)
    return { close: async () => {} }
  }
  const id = randomUUID()
  const now = (): RunningProcess => ({
    id,
    name,
    host: hostname(),
    pid: process.pid,
    keyIds: [keyring.currentId, ...keyring.ids.filter((other) => other !== keyring.currentId)],
  })
  await joinProcesses(em(), now())
  try {
    await checkMasterKeys(em(), keyring)
  } catch (error) {
    await leaveProcesses(em(), id)
    throw error
  }
  const refresh = async () => {
    keyring.reread()
    if (!(await useChosenKey(em(), keyring))) {
      log.error('ENCRYPTION_KEYS lacks the master key that seals new secrets: restart with it')
    }
    if (!(await beat(em(), id, now().keyIds))) await joinProcesses(em(), now())
  }
  let running = refresh()
  await running
  const timer = setInterval(() => {
    running = running
      .then(refresh)
      .catch((error: Error) =>
        log.warn({ error: error.message }, 'the master keys were not seen to'),
      )
  }, beatEveryMs)
  timer.unref()
  return {
    close: async () => {
      clearInterval(timer)
      await running
      // A database that is away forgets this process by itself, after a minute.
      await leaveProcesses(em(), id).catch(() => {})
    },
  }
}
