import type { EntityManager } from '@mikro-orm/postgresql'
import { AppError } from '../../core/errors.ts'
import { findChosenKey } from '../../secrets/key-check.ts'
import { livingProcesses, type RunningProcess } from '../../secrets/processes.ts'

const shown = ({ name, host, pid }: RunningProcess) => `the ${name} on host ${host} (pid ${pid})`

const lacking = (processes: RunningProcess[], keyId: string) =>
  processes.filter(({ keyIds }) => !keyIds.includes(keyId))

/** Refuses while a process that runs could not read what is moved to this key. */
export async function requireHolders(em: EntityManager, keyId: string): Promise<void> {
  const without = lacking(await livingProcesses(em), keyId)
  if (without.length === 0) return
  const names = without.map(shown).join(', ')
  throw new AppError(
    'conflict',
    `Not every process that runs has the key '${keyId}'. Restart ${names} with it first (it goes ` +
      'into ENCRYPTION_KEYS beside the others), or say --force if that one is gone: it could ' +
      'read nothing that is moved.',
  )
}

/** How many that hold this key do not seal with it yet. They look every few seconds. */
export async function countBehind(em: EntityManager, keyId: string): Promise<number> {
  const processes = await livingProcesses(em)
  return processes.filter(({ keyIds }) => keyIds.includes(keyId) && keyIds[0] !== keyId).length
}

/** How many do not hold it at all. */
export const countLacking = async (em: EntityManager, keyId: string): Promise<number> =>
  lacking(await livingProcesses(em), keyId).length

/** Two rotations to different keys would undo each other for ever: the later one goes on. */
export async function requireChosen(em: EntityManager, keyId: string): Promise<void> {
  const chosen = await findChosenKey(em)
  if (chosen?.keyId === keyId) return
  throw new AppError(
    'conflict',
    `Another rotation has begun, to the key '${chosen?.keyId}': this one, to '${keyId}', stops. ` +
      'What it moved can be read, and the other one moves it on.',
  )
}
