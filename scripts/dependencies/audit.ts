import { z } from 'zod'
import type { NpmAnswer } from './npm.ts'

const Report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string(), range: z.string() })),
})

export type Audit = { asked: false; why: string } | { asked: true; holes: string[] }

const grave = ['high', 'critical']
const Failure = z.object({ message: z.string() })

/** What the registry says of the lockfile; or that it did not say anything, which is no "clean". */
export function readAudit({ code, stdout }: NpmAnswer): Audit {
  const answer = parsed(stdout)
  const report = Report.safeParse(answer)
  if (!report.success) {
    const told = Failure.safeParse(answer).data?.message ?? `npm audit ended with ${code}`
    return { asked: false, why: told.slice(0, 200) }
  }
  const holes = Object.entries(report.data.vulnerabilities)
    .filter(([, { severity }]) => grave.includes(severity))
    .map(([name, { severity, range }]) => `${name} ${range}: ${severity}`)
  return { asked: true, holes }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
