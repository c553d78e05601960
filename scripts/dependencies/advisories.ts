import type { LockedPackage } from './lockfile.ts'

/**
 * What is publicly known to be broken, of packages that are or were in our tree; kept by hand for where
 * the registry's own answer cannot be had. `fixed`: by major version, the first one without the hole; a
 * major that is not listed, and older than the newest listed one, has no fix. `never`: taken over once.
 */
type Advisory = { name: string; fixed: string[]; id: string; never?: string[] }

const takeover = 'the takeover of 8 September 2025'

export const advisories: Advisory[] = [
  // The old HTTP client under the Reddit library, and what it brought.
  { name: 'request', fixed: ['9999.0.0'], id: 'CVE-2023-28155' },
  { name: '@cypress/request', fixed: ['3.0.0'], id: 'CVE-2023-28155' },
  { name: 'tough-cookie', fixed: ['4.1.3'], id: 'CVE-2023-26136' },
  { name: 'form-data', fixed: ['2.5.6', '3.0.5', '4.0.6'], id: 'CVE-2026-12143' },
  { name: 'qs', fixed: ['6.16.0'], id: 'CVE-2026-82417, CVE-2026-82562' },
  { name: 'ws', fixed: ['8.21.1'], id: 'CVE-2026-48779, CVE-2026-62389' },
  { name: 'json-schema', fixed: ['0.4.0'], id: 'CVE-2021-3918' },
  { name: 'sshpk', fixed: ['1.13.2'], id: 'CVE-2018-3737' },
  { name: 'extend', fixed: ['2.0.2', '3.0.2'], id: 'CVE-2018-16492' },
  { name: 'tunnel-agent', fixed: ['0.6.0'], id: 'GHSA-xc7v-wxcw-j472' },
  { name: 'lodash', fixed: ['4.18.0'], id: 'CVE-2026-4800' },
  // What takes requests.
  { name: 'express', fixed: ['4.20.0', '5.0.0'], id: 'CVE-2024-43796' },
  { name: 'body-parser', fixed: ['1.20.6', '2.3.0'], id: 'GHSA-v422-hmwv-36x6' },
  { name: 'path-to-regexp', fixed: ['0.1.13', '8.4.0'], id: 'CVE-2026-4926, CVE-2026-4923' },
  { name: 'cookie', fixed: ['0.7.0'], id: 'CVE-2024-47764' },
  { name: 'send', fixed: ['0.19.0', '1.0.0'], id: 'CVE-2024-43799' },
  { name: 'serve-static', fixed: ['1.16.0', '2.1.0'], id: 'CVE-2024-43800' },
  { name: 'jsonwebtoken', fixed: ['9.0.0'], id: 'CVE-2022-23540' },
  { name: 'jws', fixed: ['3.2.3', '4.0.1'], id: 'CVE-2025-65945' },
  { name: 'passport', fixed: ['0.6.0'], id: 'CVE-2022-25896' },
  // What reads, keeps and sends.
  { name: '@mikro-orm/core', fixed: ['6.6.10', '7.0.6'], id: 'CVE-2026-34220' },
  { name: '@mikro-orm/knex', fixed: ['6.6.14'], id: 'CVE-2026-44680' },
  { name: 'nodemailer', fixed: ['9.0.1'], id: 'CVE-2026-82659' },
  { name: 'sharp', fixed: ['0.35.0'], id: 'GHSA-f88m-g3jw-g9cj' },
  { name: 'file-type', fixed: ['16.5.4', '17.1.3'], id: 'CVE-2022-36313' },
  { name: 'protobufjs', fixed: ['7.6.5', '8.6.6'], id: 'CVE-2026-59877' },
  { name: 'node-fetch', fixed: ['2.6.7', '3.1.1'], id: 'CVE-2022-0235' },
  { name: '@opentelemetry/core', fixed: ['2.8.0'], id: 'CVE-2026-54285' },
  { name: 'semver', fixed: ['5.7.2', '6.3.1', '7.5.2'], id: 'CVE-2022-25883' },
  { name: 'debug', fixed: ['2.6.9', '3.1.0', '4.3.1'], id: 'CVE-2017-16137', never: ['4.4.2'] },
  // Of development alone.
  { name: 'minimatch', fixed: ['3.1.4', '9.0.7', '10.2.3'], id: 'CVE-2026-27903' },
  { name: 'picomatch', fixed: ['2.3.2', '3.0.2', '4.0.4'], id: 'CVE-2026-33671' },
  { name: 'brace-expansion', fixed: ['1.1.16', '2.1.2', '5.0.7'], id: 'CVE-2026-13149' },
  { name: 'js-yaml', fixed: ['3.15.0', '4.2.0'], id: 'GHSA-h67p-54hq-rp68' },
  { name: 'fast-uri', fixed: ['3.1.4'], id: 'GHSA-v2hh-gcrm-f6hx' },
  { name: 'glob', fixed: ['10.5.0', '11.1.0'], id: 'CVE-2025-64756' },
  { name: 'cross-spawn', fixed: ['6.0.6', '7.0.5'], id: 'CVE-2024-21538' },
  { name: 'json5', fixed: ['1.0.2', '2.2.2'], id: 'CVE-2022-46175' },
  { name: 'minimist', fixed: ['0.2.4', '1.2.6'], id: 'CVE-2021-44906' },
  // Published by thieves for some hours.
  { name: 'chalk', fixed: [], id: takeover, never: ['5.6.1'] },
  { name: 'ansi-styles', fixed: [], id: takeover, never: ['6.2.2'] },
  { name: 'color-convert', fixed: [], id: takeover, never: ['3.1.1'] },
  { name: 'ansi-regex', fixed: ['5.0.1', '6.0.1'], id: 'CVE-2021-3807', never: ['6.2.1'] },
]

const numbers = (version: string) => version.split(/[.+-]/).slice(0, 3).map(Number)

/** Of two versions: below 0 when `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)]
  for (const at of [0, 1, 2]) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** A fix helps its own major version; a major above all of them came after the hole. */
function isBroken(version: string, { fixed, never = [] }: Advisory): boolean {
  if (never.includes(version)) return true
  const [major = 0] = numbers(version)
  const fix = fixed.find((one) => numbers(one)[0] === major)
  if (fix) return compareVersions(version, fix) < 0
  return fixed.some((one) => (numbers(one)[0] ?? 0) > major)
}

/** What the list says against a lockfile, a line each. */
export const knownHoles = (packages: LockedPackage[], list: Advisory[] = advisories): string[] =>
  packages.flatMap(({ name, version, path, dev }) =>
    list
      .filter((one) => one.name === name && isBroken(version, one))
      .map(({ id }) => `${name} ${version}${dev ? ' (development)' : ''}: ${id} (${path})`),
  )
