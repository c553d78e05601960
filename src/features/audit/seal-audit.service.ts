import { recordAudit } from '../../audit/audit.ts'
import { sealChains } from '../../audit/seal.service.ts'
import type { Context } from '../../context.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'log' | 'origin' | 'keyring'>

/** Seals what holds. What does not is an incident like any other: written down, and mailed. */
export async function sealAudit(ctx: Needs) {
  const sealing = await sealChains(ctx)
  for (const { chain, fault } of sealing.broken) {
    await recordAudit(ctx, {
      action: 'suspicious.pattern',
      workspaceId: null,
      outcome: 'failure',
      details: {
        rule: 'audit_broken',
        pattern: `the audit log of ${chain === '0' ? 'the system' : `workspace ${chain}`} does not hold`,
        chain,
        row: fault.seq,
      },
    })
  }
  return { sealed: sealing.sealed, unchanged: sealing.unchanged, broken: sealing.broken.length }
}
