import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const jest = fileURLToPath(new URL('../../node_modules/jest/bin/jest.js', import.meta.url))

/** skipped: on this machine it could not be run (no Redis, say). */
export type Tested = {
  file: string
  title: string
  outcome: 'passed' | 'failed' | 'skipped'
  why: string | null
}

const isLong = (file: string) => file.startsWith('test/long/')
const quoted = /(['"`])(SEC-\d\d(?:(?!\1).)*)\1/g
export const idsIn = (text: string): string[] => [...new Set(text.match(/\bSEC-\d\d\b/g) ?? [])]

/** The files whose text names a promise in a title, with those titles as they are written. */
export function findSuites(all: boolean): { file: string; titles: string[] }[] {
  return globSync('test/**/*.test.ts')
    .toSorted()
    .filter((file) => all || !isLong(file))
    .flatMap((file) => {
      const titles = [...readFileSync(file, 'utf8').matchAll(quoted)].map(
        ([, , title = '']) => title,
      )
      return titles.length > 0 ? [{ file, titles }] : []
    })
}

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})
type FileReport = z.infer<typeof Report>['testResults'][number]

/** Runs the tests that carry a promise's id, of these files alone. */
export async function runSuites(suites: { file: string; titles: string[] }[]): Promise<Tested[]> {
  const found: Tested[] = []
  for (const config of ['jest.config.mjs', 'jest.long.config.mjs']) {
    const long = config.includes('long')
    const chosen = suites.filter(({ file }) => isLong(file) === long)
    if (chosen.length === 0) continue
    const reports = await runJest(
      config,
      chosen.map(({ file }) => file),
    )
    for (const suite of chosen) {
      const report = reports.find(({ name }) => relative('.', name) === suite.file)
      found.push(...testsOf(suite, report))
    }
  }
  return found
}

async function runJest(config: string, files: string[]): Promise<FileReport[]> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-promises-'))
  const outputFile = join(folder, 'report.json')
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  const options = ['--config', config, '--silent', '--json']
  const child = spawn(
    process.execPath,
    [...flags, jest, ...options, '--outputFile', outputFile, '--runTestsByPath', ...files],
    { stdio: 'ignore' },
  )
  try {
    await once(child, 'close')
    return Report.parse(JSON.parse(readFileSync(outputFile, 'utf8'))).testResults
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const outcomes: Record<string, Tested['outcome']> = { passed: 'passed', failed: 'failed' }

/** A file that could not be run proves nothing: every title in it counts as failed. */
function testsOf(suite: { file: string; titles: string[] }, report?: FileReport): Tested[] {
  const { file, titles } = suite
  if (!report?.assertionResults.length) {
    const why = firstLine(report?.message ?? 'Jest did not run this file')
    return titles.map((title) => ({ file, title, outcome: 'failed', why }))
  }
  return report.assertionResults.flatMap((one) => {
    const title = [...one.ancestorTitles, one.title].join(' › ')
    if (idsIn(title).length === 0) return []
    const why = one.status === 'failed' ? firstLine(one.failureMessages?.[0] ?? '') : null
    return [{ file, title, outcome: outcomes[one.status] ?? 'skipped', why }]
  })
}

/** The first line that says something, without the terminal's colours. */
const firstLine = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
    .replace(/\u001b\[\d*(;\d+)*m/g, '')
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('●'))
    ?.slice(0, 200) ?? 'no reason was given'
