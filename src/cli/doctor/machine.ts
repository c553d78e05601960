import { existsSync } from 'node:fs'
import { access, constants, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'
import { type Finding, fail, messageOf, ok, warn } from './finding.ts'

export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return ok('Node', version)
  return fail('Node', version, 'Earshot needs Node 22.18 or later: install Node 24.')
}

/** The folder itself or, where it is still to be made, the one it will be made in. */
const nearest = (folder: string): string =>
  existsSync(folder) || folder === dirname(folder) ? folder : nearest(dirname(folder))

export async function checkDataFolder(folder: string): Promise<Finding> {
  const what = 'data folder'
  try {
    await access(nearest(folder), constants.W_OK | constants.X_OK)
    return ok(what, existsSync(folder) ? folder : `${folder} (made at the first start)`)
  } catch (error) {
    const advice = 'Let the user that runs Earshot write there, or set DATA_DIR.'
    return fail(what, `${folder} cannot be written (${messageOf(error)})`, advice)
  }
}

const megabyte = 1_000_000
const leastMb = 200
const comfortableMb = 2_000

export async function checkDiskSpace(folder: string): Promise<Finding> {
  const what = 'disk space'
  const { bavail, bsize } = await statfs(nearest(folder))
  const freeMb = Math.floor((bavail * bsize) / megabyte)
  const found = `${(freeMb / 1_000).toFixed(1)} GB free`
  if (freeMb < leastMb) return fail(what, found, 'Free some, or move DATA_DIR to a larger disk.')
  if (freeMb < comfortableMb) return warn(what, found, 'Posts and their samples grow: plan more.')
  return ok(what, found)
}

const readableByOthers = 0o077

/** Files that hold secrets: nothing where there is none. */
export async function checkPrivacy(files: string[]): Promise<Finding[]> {
  if (process.platform === 'win32') return []
  const found: Finding[] = []
  for (const file of files) {
    const mode = await stat(file).then(
      (stats) => stats.mode,
      () => null,
    )
    if (mode === null) continue
    const open = (mode & readableByOthers) !== 0
    found.push(
      open
        ? warn('privacy', `${file} can be read by other users`, `chmod 600 ${file}`)
        : ok('privacy', `${file} is its owner's alone`),
    )
  }
  return found
}
