// `node scripts/node24.mjs [node flags] file args...` runs the file under this Node if that can run
// TypeScript (22.18 or later), else under the Node 24 that npm installed as an optional dependency.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

function fail(reason) {
  process.stderr.write(`Earshot needs Node 22.18 or later and ${reason}: install Node 24.\n`)
  process.exit(1)
}

function findNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  const exe = process.platform === 'win32' ? 'node.exe' : 'node'
  const target = `${process.platform.replace('win32', 'win')}-${process.arch}`
  return [`node-${target}`, `node-bin-${target}`]
    .map((name) => fileURLToPath(new URL(`../node_modules/${name}/bin/${exe}`, import.meta.url)))
    .find((path) => existsSync(path))
}

/** In a terminal Ctrl-C reaches every process of the group, so the child already has that SIGINT. */
function hasTerminal() {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return process.platform === 'win32'
  }
}

const node = findNode() ?? fail(`this is ${process.version}, with no Node 24 in node_modules`)
const args = process.argv.slice(2)
const { env } = process
env.PATH = [dirname(node), env.PATH].join(delimiter) // so `#!/usr/bin/env node` finds this Node too
if (node === process.execPath && process.execve && process.platform !== 'win32') {
  process.execve(node, [node, ...args], env)
}

const child = spawn(node, args, { stdio: 'inherit' })
child.once('error', (error) => fail(`${node} does not run here (${error.message})`))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => (signal === 'SIGTERM' || !hasTerminal()) && child.kill(signal))
}
child.once('exit', (code, signal) => {
  if (!signal) process.exit(code ?? 1)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  setTimeout(() => process.exit(128 + constants.signals[signal]), 100) // where it was ignored
})
