import { globSync } from 'node:fs'
import { z } from 'zod'
import { runTool, type Verdict } from './run-tool.ts'

const rooms = ['src', 'workers', 'migrations', 'sandbox']

const Report = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    totalDependenciesCruised: z.number(),
    violations: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        rule: z.object({ name: z.string() }),
        cycle: z.array(z.object({ name: z.string() })).optional(),
      }),
    ),
  }),
})
type Violation = z.infer<typeof Report>['summary']['violations'][number]

/**
 * Runs dependency-cruiser and does not take its word for it: with a parser that does not fit it
 * reads nothing and says that all is well. So every file on disk must be among what it read, and
 * what it read must import something.
 */
export async function readImports(): Promise<Verdict> {
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...rooms]
  const run = await runTool('dependency-cruiser/bin/dependency-cruiser.mjs', args)
  const report = readReport(run.stdout)
  if (!report) return { ok: false, output: run.output }

  const { violations, totalDependenciesCruised: imports } = report.summary
  const read = new Set(report.modules.map(({ source }) => source))
  const files = globSync(rooms.map((room) => `${room}/**/*.ts`))
  const missed = files.filter((file) => !read.has(file))
  const problems = [
    ...violations.map(sentence),
    ...missed.map((file) => `not read: ${file}`),
    ...(imports < files.length ? [`only ${imports} imports in ${files.length} files`] : []),
  ]
  return { ok: problems.length === 0, output: problems.join('\n') }
}

function readReport(text: string): z.infer<typeof Report> | null {
  try {
    return Report.parse(JSON.parse(text))
  } catch {
    return null
  }
}

const sentence = ({ rule, from, to, cycle }: Violation): string =>
  `${rule.name}: ${[from, ...(cycle?.map(({ name }) => name) ?? [to])].join(' -> ')}`
