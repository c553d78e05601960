import { setTimeout as pause } from 'node:timers/promises'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { type KeyUse, keepProof, keysInUse } from '../../secrets/key-check.ts'
import type { KeyOwner } from '../../secrets/key-owner.ts'
import { type Damaged, moveRows } from './move-rows.service.ts'
import { countBehind, countLacking, requireHolders } from './rotation-rules.ts'

export type RotateNeeds = Pick<Context, 'em' | 'clock' | 'keyring' | 'origin' | 'signal'>

export type Rotation = {
  target: string
  moved: number
  /** On any other key, at the end: what is damaged. */
  left: number
  damaged: Damaged[]
  /** How often all rows were gone through. */
  passes: number
}

export type RotateOptions = {
  to: string
  /** Does not wait for processes that lack the key. */
  force: boolean
  /** The key was made just now: running processes read it from the file within seconds. */
  patient: boolean
  owner: KeyOwner
  onProgress: (moved: number, total: number) => void
}

const total = (uses: KeyUse[]) =>
  uses.reduce((sum, { profiles, secondFactors }) => sum + profiles + secondFactors, 0)

/** Between two looks at rows and processes that are not ready yet. */
const restMs = 250

/**
 * Wraps every data key anew under `to`, while everything runs. The fields stay as they are sealed, so
 * that killed at any moment it can be started again, and until the older key is retired it can be
 * turned round: rotate to that one. It ends when nothing is left on another key and every process
 * seals with this one. Throws AppError in words when it may not begin or go on.
 */
export async function rotateKeys(ctx: RotateNeeds, options: RotateOptions): Promise<Rotation> {
  const { to, force, owner } = options
  requireKey(ctx, to)
  await keepProof(ctx.em, ctx.keyring, to)
  if (options.patient) await waitForHolders(ctx, to)
  if (!force) await requireHolders(ctx.em, to)
  await owner.choose(to)
  ctx.keyring.use(to)
  const before = await elsewhere(ctx, to)
  await record(ctx, 'key.rotation_started', to, {
    from: before.map(({ keyId }) => keyId),
    rows: total(before),
  })
  const rotation = await moveAll(ctx, options, total(before))
  const { moved, left, passes } = rotation
  const outcome = left === 0 ? 'success' : 'failure'
  await record(ctx, 'key.rotation_finished', to, { moved, left, passes }, outcome)
  return rotation
}

/** Longer than a process takes to read the file, or to be taken for dead. */
const patienceMs = 65_000

async function waitForHolders({ em, signal }: RotateNeeds, keyId: string): Promise<void> {
  const until = performance.now() + patienceMs
  while ((await countLacking(em, keyId)) > 0 && performance.now() < until) {
    await pause(restMs, undefined, { signal })
  }
}

function requireKey({ keyring }: RotateNeeds, keyId: string): void {
  keyring.reread()
  if (keyring.ids.includes(keyId)) return
  const known = keyring.ids.join(', ')
  throw new AppError('not_found', `ENCRYPTION_KEYS holds no key '${keyId}': it holds ${known}.`)
}

const elsewhere = async ({ em }: RotateNeeds, to: string): Promise<KeyUse[]> =>
  (await keysInUse(em)).filter(({ keyId }) => keyId !== to)

async function moveAll(ctx: RotateNeeds, options: RotateOptions, rows: number): Promise<Rotation> {
  const { to, onProgress } = options
  const rotation: Rotation = { target: to, moved: 0, left: 0, damaged: [], passes: 0 }
  for (;;) {
    const before = rotation.moved
    const damaged: Damaged[] = []
    for (const { keyId } of await elsewhere(ctx, to)) {
      await moveRows(ctx, { from: keyId, to, force: options.force }, (batch) => {
        rotation.moved += batch.moved
        damaged.push(...batch.damaged)
        onProgress(rotation.moved, Math.max(rows, rotation.moved))
      })
    }
    rotation.passes += 1
    // In this order: whoever seals with the target before the count leaves nothing behind it.
    const behind = await countBehind(ctx.em, to)
    const left = total(await elsewhere(ctx, to))
    if (behind === 0 && left <= damaged.length) return { ...rotation, left, damaged }
    if (rotation.moved === before) await pause(restMs, undefined, { signal: ctx.signal })
  }
}

const record = (
  ctx: RotateNeeds,
  action: 'key.rotation_started' | 'key.rotation_finished',
  keyId: string,
  details: Record<string, number | string[]>,
  outcome: 'success' | 'failure' = 'success',
) =>
  recordAudit(ctx, {
    action,
    workspaceId: null,
    outcome,
    object: { kind: 'key', id: keyId },
    details,
  })
