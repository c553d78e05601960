import { type Rotation, rotateKeys } from '../../features/keys/index.ts'
import { addKey } from './add-key.ts'
import { progressLine } from './progress.ts'
import { type KeyWork, withKeys, write } from './with-keys.ts'

export type RotateOptions = { to?: string; new?: true; force?: true; json?: true }

/** Gives whether nothing is left on another key. */
export const rotate = (options: RotateOptions): Promise<boolean> =>
  withKeys('rotate', async (keys) => {
    const rotation = await run(keys, options)
    if (options.json) write(JSON.stringify(rotation, null, 2))
    else tell(rotation)
    return rotation.left === 0
  })

async function run(keys: KeyWork, options: RotateOptions): Promise<Rotation> {
  const { ctx, owner } = keys
  const to = options.new ? await addKey(keys) : (options.to ?? ctx.keyring.ids[0] ?? '')
  const progress = progressLine(`to ${to}`)
  try {
    return await rotateKeys(ctx, {
      to,
      owner,
      force: options.force ?? false,
      patient: options.new ?? false,
      onProgress: progress.update,
    })
  } finally {
    progress.end()
  }
}

function tell({ target, moved, left, damaged }: Rotation): void {
  write(`${moved} moved to the key '${target}'; ${left} left on any other.`)
  for (const { kind, id, workspaceId } of damaged) {
    const where = workspaceId === null ? '' : ` of workspace ${workspaceId}`
    write(`The ${kind.replace('_', ' ')} ${id}${where} does not open with its key: it stays there.`)
  }
  if (left > 0) return
  write('Until you retire the older key, `keys rotate --to <it>` turns this round.')
}
