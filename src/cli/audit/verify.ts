import { readFile } from 'node:fs/promises'
import { recordAudit } from '../../audit/audit.ts'
import { sealChains } from '../../audit/seal.service.ts'
import { type AuditReport, NotedHeads, verifyAudit } from '../../audit/verify.service.ts'
import type { ChainReport } from '../../audit/verify-chain.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { withContext } from '../users/with-context.ts'

const write = (line: string) => process.stdout.write(`${line}\n`)

type Options = { json?: true; chain?: string; noted?: string }

/** Looks at the log, says what it found, and seals what holds. true: it holds. */
export async function verify({ json, chain, noted }: Options): Promise<boolean> {
  if (chain !== undefined && !/^\d{1,18}$/.test(chain)) {
    throw new AppError(
      'invalid_input',
      `--chain wants the digits of a workspace's id, or 0: ${chain}`,
    )
  }
  const heads = noted === undefined ? undefined : await readHeads(noted)
  return withContext('audit verify', async (ctx) => {
    const report = await verifyAudit(ctx, {
      ...(chain !== undefined && { chain }),
      ...(heads && { noted: heads }),
      onChain: (one) => json || tellChain(one),
    })
    if (json) write(JSON.stringify(report, null, 2))
    else tellWhole(report, chain)
    await note(ctx, report, chain)
    return report.ok
  })
}

async function readHeads(file: string): Promise<NotedHeads> {
  try {
    return NotedHeads.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    const message = `${file} is not what \`audit verify --json\` prints.`
    throw new AppError('invalid_input', message, { cause })
  }
}

const nameOf = (chain: string) => (chain === '0' ? 'the system' : `workspace ${chain}`)
const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

function tellChain({ chain, head, faults, faultCount, rows, seals }: ChainReport): void {
  const sealed = seals.checked === 0 ? 'no seal' : plural(seals.checked, 'seal')
  const verdict = faultCount === 0 ? 'holds' : 'DOES NOT HOLD'
  write(`${nameOf(chain)}: ${verdict}, ${plural(rows, 'row')}, ${sealed}`)
  const [first] = faults
  if (!first) write(`  ends at row ${head.seq}, ${head.hash}`)
  else {
    write(`  first: row ${first.seq} ${first.problem}`)
    if (faultCount > 1) write(`  and ${plural(faultCount - 1, 'more fault')}: --json tells them`)
  }
}

function tellWhole(report: AuditReport, chain: string | undefined): void {
  for (const fault of report.faults) write(fault)
  write('')
  if (chain === undefined) {
    write(`${plural(report.rows, 'row')} in ${plural(report.chains.length, 'chain')}.`)
    if (report.erasedRows > 0) {
      write(
        `${plural(report.erasedRows, 'row')} without address and browser: forgotten with a deleted account.`,
      )
    }
    if (report.deletedWorkspaces > 0) {
      write(
        `${plural(report.deletedWorkspaces, 'workspace')} deleted; where their chains ended is kept.`,
      )
    }
  }
  if (report.sealsUnknownKey > 0) {
    write(
      `${plural(report.sealsUnknownKey, 'seal')} of a master key that is not here: not checked.`,
    )
  }
  if (report.ok)
    write(
      'The audit log holds. Keep the output of --json elsewhere: it shows later what no seal can.',
    )
  else write('THE AUDIT LOG DOES NOT HOLD. Keep the database as it is, and compare with a backup.')
}

/** That somebody looked is written down too, and what holds is sealed. */
async function note(ctx: Context, report: AuditReport, chain: string | undefined): Promise<void> {
  await recordAudit(ctx, {
    action: 'audit.verified',
    workspaceId: null,
    outcome: report.ok ? 'success' : 'failure',
    details: {
      chain: chain ?? 'all',
      chains: report.chains.length,
      rows: report.rows,
      broken: report.chains.filter(({ faultCount }) => faultCount > 0).length,
      faults: report.faults.length,
    },
  })
  if (report.ok) await sealChains(ctx)
}
