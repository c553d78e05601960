import { z } from 'zod'
import type { LockedPackage } from './lockfile.ts'

const Bill = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({ component: z.looseObject({ 'bom-ref': z.string() }) }),
  components: z.array(z.looseObject({ 'bom-ref': z.string(), purl: z.string() })),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
})
export type Bill = z.infer<typeof Bill>

/**
 * Of npm's bill for the whole lockfile, what is installed. npm's own `--omit=dev` leaves out too much
 * (npm 10 and 11): whatever a development package also wants, zod and nodemailer among it.
 */
export function onlyInstalled(whole: unknown, installed: LockedPackage[]): Bill {
  const bill = Bill.parse(whole)
  const wanted = new Set(installed.map(({ name, version }) => `pkg:npm/${name}@${version}`))
  const components = bill.components.filter(({ purl }) => wanted.delete(decodeURIComponent(purl)))
  if (wanted.size > 0) {
    throw new Error(`npm's bill does not list what is installed: ${[...wanted].join(', ')}`)
  }
  const kept = new Set(components.map((one) => one['bom-ref']))
  kept.add(bill.metadata.component['bom-ref'])
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }))
  return { ...bill, components, dependencies }
}
