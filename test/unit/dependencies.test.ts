import { existsSync, readFileSync } from 'node:fs'
import { advisories, compareVersions, knownHoles } from '../../scripts/dependencies/advisories.ts'
import { readAudit } from '../../scripts/dependencies/audit.ts'
import { onlyInstalled } from '../../scripts/dependencies/bill.ts'
import { type LockedPackage, readLockfile } from '../../scripts/dependencies/lockfile.ts'
import { npm, wholeBill } from '../../scripts/dependencies/npm.ts'

const packages = readLockfile()
const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const dockerfile = readFileSync('Dockerfile', 'utf8')
const labels = (some: LockedPackage[]) => some.map(({ name, version }) => `${name}@${version}`)

describe('SEC-33: what is installed is what was chosen', () => {
  test('every dependency is one version, not a range', () => {
    const wanted = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    })
    const loose = wanted.filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(range)))
    expect(loose).toEqual([])
    expect(wanted.length).toBeGreaterThan(60)
    for (const [name, version] of wanted) {
      const locked = packages.find(({ path }) => path === `node_modules/${name}`)
      expect([name, locked?.version]).toEqual([name, version])
    }
  })

  test('every package has its digest, but builds for machines that are not ours', () => {
    expect(packages.length).toBeGreaterThan(800)
    const without = packages.filter(({ integrity }) => !integrity)
    for (const one of without) {
      expect([one.path, one.optional, Boolean(one.os || one.cpu)]).toEqual([one.path, true, true])
    }
    // Of what runs in the images (linux on x64 and arm64, glibc), every single one.
    const inImages = without.filter(
      ({ dev, os = ['linux'], cpu = ['x64'] }) =>
        !dev && os.includes('linux') && (cpu.includes('x64') || cpu.includes('arm64')),
    )
    expect(labels(inImages)).toEqual([])
    for (const { path, integrity = 'sha512-' } of packages) {
      expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-/)])
    }
  })
})

describe('SEC-33: no script of a package runs', () => {
  test('ours has none, and none is allowed to theirs', () => {
    const own = Object.keys(manifest.scripts).filter((name) => /install|prepare/.test(name))
    expect(own).toEqual([])
    expect(new Set(Object.values(manifest.allowScripts))).toEqual(new Set([false]))
    const named = Object.keys(manifest.allowScripts)
    const unnamed = packages.filter(
      ({ name, hasInstallScript, os = ['linux'], cpu = ['x64'] }) =>
        hasInstallScript && os.includes('linux') && cpu.includes('x64') && !named.includes(name),
    )
    expect(labels(unnamed)).toEqual([])
  })

  test('the images are made without them', () => {
    const installs = dockerfile.match(/npm (ci|install|uninstall)\b(.*\\\n)*.*/g) ?? []
    expect(installs.length).toBeGreaterThanOrEqual(4)
    for (const line of installs) expect(line).toContain('--ignore-scripts')
  })

  test('what comes with a script works without it: what a script would build is not there', async () => {
    const { compare, hash } = await import('bcrypt')
    expect(await compare('a', await hash('a', 4))).toBe(true)
    expect(existsSync('node_modules/bcrypt/build')).toBe(false)
    expect(existsSync('node_modules/msgpackr-extract/build')).toBe(false)
  })
})

describe('SEC-33: no serious hole is known', () => {
  test('the list that we keep finds nothing in the lockfile', () => {
    expect(knownHoles(packages)).toEqual([])
    // One that touches nothing at all has been mistyped, or is about something long gone.
    const known = advisories.filter(({ name }) => packages.some((one) => one.name === name))
    expect(known.length).toBeGreaterThan(advisories.length * 0.8)
  })

  test('it would find one', () => {
    const at = (name: string, version: string) => ({
      ...(packages[0] as LockedPackage),
      name,
      version,
      path: `node_modules/${name}`,
    })
    const found = (name: string, version: string) => knownHoles([at(name, version)]).length > 0
    expect(found('request', '2.88.2')).toBe(true)
    expect(found('tough-cookie', '4.1.2')).toBe(true)
    expect(found('tough-cookie', '2.5.0')).toBe(true)
    expect(found('tough-cookie', '5.0.0')).toBe(false)
    expect(found('form-data', '3.0.4')).toBe(true)
    expect(found('form-data', '3.0.5')).toBe(false)
    expect(found('glob', '9.0.0')).toBe(true)
    expect(found('glob', '13.0.7')).toBe(false)
    expect(found('chalk', '5.6.1')).toBe(true)
    expect(found('chalk', '4.1.2')).toBe(false)
    expect(compareVersions('10.0.0', '9.9.9')).toBeGreaterThan(0)
    expect(compareVersions('18.4.0-beta.17', '18.4.0')).toBe(0)
  })

  test("the registry's answer is read, and its silence is not taken for a clean bill", () => {
    const answer = (vulnerabilities: object) =>
      JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: {} })
    expect(readAudit({ code: 0, stdout: answer({}) })).toEqual({ asked: true, holes: [] })
    const holes = {
      a: { severity: 'high', range: '<1' },
      b: { severity: 'moderate', range: '*' },
      c: { severity: 'critical', range: '2' },
    }
    expect(readAudit({ code: 1, stdout: answer(holes) })).toEqual({
      asked: true,
      holes: ['a <1: high', 'c 2: critical'],
    })
    const refusal = JSON.stringify({ message: '405 Method Not Allowed', statusCode: 405 })
    expect(readAudit({ code: 1, stdout: refusal })).toEqual({
      asked: false,
      why: '405 Method Not Allowed',
    })
    expect(readAudit({ code: null, stdout: '' })).toMatchObject({ asked: false })
  })
})

describe('SEC-33: each image lists what is in it', () => {
  test('every image with packages has the list of them', () => {
    expect(dockerfile.match(/^RUN node scripts\/sbom\.ts > sbom\.cdx\.json$/gm)).toHaveLength(2)
    // Each image that takes packages takes their list, and says where it lies.
    const stages = dockerfile.split(/^(?=FROM )/m).filter((stage) => /^COPY --from=/m.test(stage))
    expect(stages).toHaveLength(3)
    for (const stage of stages) {
      expect(stage).toMatch(/^COPY --from=.*packages \/app\/sbom\.cdx\.json/m)
      const labelled = /^FROM product/.test(stage) ? dockerfile : stage
      expect(labelled).toContain('LABEL earshot.sbom=/app/sbom.cdx.json')
    }
    const carried = readFileSync('.dockerignore', 'utf8').split('\n')
    expect(carried).toEqual(
      expect.arrayContaining(['!scripts/sbom.ts', '!scripts/dependencies', '!package-lock.json']),
    )
  })

  test('every package of the product is in it, and none of development', async () => {
    const { code, stdout } = await npm(wholeBill)
    expect(code).toBe(0)
    const whole = JSON.parse(stdout)
    const shipped = packages.filter(({ dev }) => !dev)
    const bill = onlyInstalled(whole, shipped)
    expect(shipped.length).toBeGreaterThan(300)
    const listed = bill.components.map(({ purl }) => decodeURIComponent(purl).slice(8)).toSorted()
    expect(listed).toEqual([...new Set(labels(shipped))].toSorted())
    expect(listed).toContain(`nodemailer@${manifest.dependencies.nodemailer}`)
    expect(listed.filter((label) => label.startsWith('jest@'))).toEqual([])
    const refs = new Set(bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]))
    expect(refs.size).toBe(bill.components.length + 1)
  })

  test('what is installed and not in the bill is an error, not a gap', async () => {
    const whole = JSON.parse((await npm(wholeBill)).stdout)
    const stranger = { ...(packages[0] as LockedPackage), name: 'stranger', version: '1.0.0' }
    expect(() => onlyInstalled(whole, [stranger])).toThrow('stranger@1.0.0')
  })
})
