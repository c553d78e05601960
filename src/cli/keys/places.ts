import { removeDueSecrets } from '../../features/credentials/index.ts'
import { moveSecrets, retireKey } from '../../features/keys/index.ts'
import type { StoreName } from '../../secrets/stores/secret-store.ts'
import { progressLine } from './progress.ts'
import { withKeys, write } from './with-keys.ts'

export const retire = (keyId: string): Promise<void> =>
  withKeys('retire', async ({ ctx, owner }) => {
    const { auditChains } = await retireKey(ctx, owner, keyId)
    write(`The key '${keyId}' seals nothing any more. It may be taken out of ENCRYPTION_KEYS.`)
    if (auditChains === 0) return
    write(
      `It made the newest seal of ${auditChains} chains of the audit log: wait until the workers ` +
        'have sealed them anew (within the hour), or these seals cannot be checked.',
    )
  })

/** Gives whether everything is there now. */
export const move = (to: StoreName): Promise<boolean> =>
  withKeys('move', async ({ ctx }) => {
    const progress = progressLine(`to the store ${to}`)
    const { moved, failed } = await moveSecrets(ctx, to, (done) => progress.update(done, null))
    progress.end()
    write(`${moved} moved to the store '${to}', ${failed.length} were not.`)
    for (const { id, reason } of failed) write(`profile ${id}: ${reason}`)
    return failed.length === 0
  })

export const sweep = (): Promise<void> =>
  withKeys('sweep', async ({ ctx }) => {
    const { removed, postponed } = await removeDueSecrets(ctx)
    write(`${removed} removed from stores outside, ${postponed} to be tried again.`)
  })
