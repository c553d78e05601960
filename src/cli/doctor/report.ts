import type { Finding, Level } from './finding.ts'

const counted = (findings: Finding[], level: Level) =>
  findings.filter((finding) => finding.level === level).length

export const asJson = (findings: Finding[]): string => {
  const healthy = counted(findings, 'fail') === 0
  return `${JSON.stringify({ healthy, findings }, null, 2)}\n`
}

/** A line a finding, what to do below it, and a count at the end. */
export function asTable(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length))
  const indent = ' '.repeat(width + 8)
  const lines = findings.flatMap(({ level, what, found, advice }) => [
    `${level.padEnd(4)}  ${what.padEnd(width)}  ${found.replaceAll('\n', `\n${indent}`)}`,
    ...(advice ? [`${indent}-> ${advice}`] : []),
  ])
  const failures = counted(findings, 'fail')
  const warnings = counted(findings, 'warn')
  const sum =
    failures + warnings === 0
      ? 'Nothing is wrong.'
      : `${failures} to mend, ${warnings} to think about.`
  return `${[...lines, '', sum].join('\n')}\n`
}
