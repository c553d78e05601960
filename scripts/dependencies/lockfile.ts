import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** npm takes one name or a list of them. */
const Names = z.preprocess(
  (given) => (typeof given === 'string' ? [given] : given),
  z.string().array(),
)

const Entry = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  integrity: z.string().optional(),
  dev: z.boolean().default(false),
  optional: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
  os: Names.optional(),
  cpu: Names.optional(),
})
const Lockfile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), Entry) })

export type LockedPackage = Omit<z.infer<typeof Entry>, 'name' | 'version'> & {
  /** Where it lies: node_modules/a/node_modules/b. */
  path: string
  /** Its own name, also where it is installed under another one. */
  name: string
  version: string
}

/** Every package that an installation can bring, as package-lock.json pins it. */
export function readLockfile(path = 'package-lock.json'): LockedPackage[] {
  const { packages } = Lockfile.parse(JSON.parse(readFileSync(path, 'utf8')))
  return Object.entries(packages).flatMap(([place, { name, version, ...rest }]) =>
    place === ''
      ? []
      : [{ ...rest, path: place, name: name ?? nameOf(place), version: version ?? '' }],
  )
}

const nameOf = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 13)
