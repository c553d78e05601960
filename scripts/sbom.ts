import { existsSync } from 'node:fs'
import { onlyInstalled } from './dependencies/bill.ts'
import { readLockfile } from './dependencies/lockfile.ts'
import { npm, wholeBill } from './dependencies/npm.ts'

/** Prints what lies in node_modules as CycloneDX: the images run it when everything else is in place. */
async function main(): Promise<void> {
  const installed = readLockfile('node_modules/.package-lock.json')
  const { stdout } = await npm(wholeBill)
  const bill = onlyInstalled(
    JSON.parse(stdout),
    installed.filter(({ path }) => existsSync(path)),
  )
  process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`)
}

await main()
