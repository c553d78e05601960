import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { SealError } from '../../secrets/aes-gcm.ts'
import type { WrappedKey } from '../../secrets/keyring.ts'
import { lockKeys } from '../../secrets/processes.ts'
import { rewrap } from '../../secrets/sealed-secret.ts'
import { requireChosen, requireHolders } from './rotation-rules.ts'
import {
  findOnKey,
  type Group,
  groupsOf,
  lockOnKey,
  type SealedKind,
  type SealedRow,
  sealedKinds,
  seeing,
  writeWrapped,
} from './sealed-rows.repository.ts'

/** A row whose data key does not open with the key that it names. It stays as it is. */
export type Damaged = { kind: SealedKind; id: string; workspaceId: string | null }

export type Batch = { moved: number; damaged: Damaged[] }
type Move = { from: string; to: string; force: boolean }
type Needs = Pick<Context, 'em' | 'keyring'>

/** Rows that are looked up at once; a transaction takes those of one workspace among them. */
const pageSize = 100

/** Goes once over all rows on `from`, in small transactions, each whole or not at all. */
export async function moveRows(
  ctx: Needs,
  move: Move,
  onBatch: (batch: Batch) => void,
): Promise<void> {
  for (const kind of sealedKinds) {
    for (let after = '0'; ; ) {
      const page = await findOnKey(ctx.em, kind, { keyId: move.from, after, most: pageSize })
      for (const group of groupsOf(kind, page)) onBatch(await moveGroup(ctx, group, move))
      const last = page.at(-1)
      if (!last || page.length < pageSize) break
      after = last.id
    }
  }
}

const moveGroup = (ctx: Needs, group: Group, { from, to, force }: Move): Promise<Batch> =>
  seeing(ctx.em, group).transactional(async (inner) => {
    const em = inner as EntityManager
    await lockKeys(em, 'shared')
    await requireChosen(em, to)
    if (!force) await requireHolders(em, to)
    const rows = await lockOnKey(em, group, from)
    const { wrapped, damaged } = rewrapAll(ctx, rows, to)
    if (wrapped.length > 0) await writeWrapped(em, group.kind, wrapped)
    return {
      moved: wrapped.length,
      damaged: damaged.map((id) => ({ kind: group.kind, id, workspaceId: group.workspaceId })),
    }
  })

function rewrapAll({ keyring }: Needs, rows: SealedRow[], to: string) {
  const wrapped: (WrappedKey & { id: string })[] = []
  const damaged: string[] = []
  for (const row of rows) {
    try {
      wrapped.push({ id: row.id, ...rewrap(keyring, row.place, row, to) })
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      damaged.push(row.id)
    }
  }
  return { wrapped, damaged }
}
