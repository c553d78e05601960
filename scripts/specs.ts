import { checkSpecs, type SpecRow } from '../test/support/specs/check-specs.ts'
import { hasReference, referencePath } from '../test/support/specs/reference.ts'

const columns = ['requests', 'responses', 'probes', 'bodies', 'refusals'] as const
const titles = ['requests', 'answers', 'probes', 'recorded bodies', 'recorded refusals']

const line = (name: string, cells: (string | number)[]) =>
  `${name.padEnd(10)}${cells.map((cell) => String(cell).padStart(19)).join('')}\n`

function print(rows: SpecRow[]): void {
  process.stdout.write(line('', [...titles, 'violations']))
  for (const row of rows) {
    process.stdout.write(line(row.name, [...columns.map((key) => row[key]), row.violations.length]))
  }
  const sum = (key: (typeof columns)[number]) => rows.reduce((total, row) => total + row[key], 0)
  const violations = rows.flatMap((row) => row.violations.map((one) => `${row.name}: ${one}`))
  process.stdout.write(line('all', [...columns.map(sum), violations.length]))
  for (const violation of violations) process.stdout.write(`  ${violation}\n`)
  process.exitCode = violations.length > 0 ? 1 : 0
}

/**
 * The adapters' requests and the sandbox's answers against the platforms' own descriptions, and the
 * recorded answers through the adapters. None of these files is ours, so they lie beside the project.
 */
if (hasReference('specs')) print(await checkSpecs())
else {
  const looked = referencePath('specs')
  process.stdout.write(`skipped: no ${looked}. REFERENCE_DIR names the folder that has them.\n`)
}
