import { deepCheck } from '../../features/keys/index.ts'
import { findChosenKey, findKnownKeys, keysInUse, sealedBy } from '../../secrets/key-check.ts'
import { livingProcesses } from '../../secrets/processes.ts'
import { type KeyWork, withKeys, write } from './with-keys.ts'

export type CheckOptions = { deep?: true; json?: true }

/** Starting is half of the check: it refuses with a sentence when a key is missing or wrong. */
export const check = (options: CheckOptions): Promise<boolean> =>
  withKeys('check', async (keys) => {
    const report = {
      ...(await readKeys(keys)),
      ...(options.deep && { deep: await deepCheck(keys.ctx) }),
    }
    if (options.json) write(JSON.stringify(report, null, 2))
    else tell(report)
    return (report.deep?.failed.length ?? 0) === 0
  })

async function readKeys({ ctx }: KeyWork) {
  const { em, keyring } = ctx
  const used = await keysInUse(em)
  const known = await findKnownKeys(em)
  const current = (await findChosenKey(em))?.keyId
  const ids = [...new Set([...keyring.ids, ...known])]
  return {
    keys: ids.map((keyId) => {
      const use = used.find((one) => one.keyId === keyId)
      return {
        keyId,
        // Of a key that is here and known, the start has proven that it is the right one.
        state: keyring.ids.includes(keyId) ? 'right' : 'missing',
        current: keyId === current,
        profiles: use?.profiles ?? 0,
        secondFactors: use?.secondFactors ?? 0,
      }
    }),
    processes: await livingProcesses(em),
  }
}

type Report = Awaited<ReturnType<typeof readKeys>> & {
  deep?: Awaited<ReturnType<typeof deepCheck>>
}

function tell({ keys, processes, deep }: Report): void {
  for (const { keyId, state, current, ...use } of keys) {
    const what = current ? `${state}, seals what is new` : state
    write(`${keyId}: ${what}, seals ${sealedBy(use)}`)
  }
  for (const { name, host, pid, keyIds } of processes) {
    write(`${name} on ${host} (pid ${pid}) holds ${keyIds.join(', ')}`)
  }
  if (!deep) return
  write(`${sealedBy(deep)} opened, ${deep.failed.length} of them did not`)
  for (const { kind, id, reason } of deep.failed)
    write(`${kind.replace('_', ' ')} ${id}: ${reason}`)
}
