import { advisories, knownHoles } from './dependencies/advisories.ts'
import { readAudit } from './dependencies/audit.ts'
import { readLockfile } from './dependencies/lockfile.ts'
import { npm } from './dependencies/npm.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

/**
 * Whether a serious hole is known in anything that we ship: the registry's answer, and the list that we
 * keep by hand, which also speaks where no registry answers. Ends with 1 when either names one.
 */
async function main(): Promise<void> {
  const packages = readLockfile()
  const audit = readAudit(await npm(['audit', '--json', '--omit=dev']))
  const ofRegistry = audit.asked ? audit.holes : []
  if (!audit.asked) say(`npm audit: the registry did not answer (${audit.why})`)
  else if (ofRegistry.length === 0) say('npm audit: nothing high or critical')
  for (const hole of ofRegistry) say(`npm audit: ${hole}`)

  const ofList = knownHoles(packages)
  for (const hole of ofList) say(`our list: ${hole}`)
  if (ofList.length === 0) {
    say(
      `our list: none of its ${advisories.length} entries touches the ${packages.length} packages`,
    )
  }
  if (ofRegistry.length + ofList.length > 0) process.exitCode = 1
}

await main()
