import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Verdict = { ok: boolean; output: string }
export type ToolResult = Verdict & { stdout: string }

const modules = new URL('../../node_modules/', import.meta.url)

/** Runs a package's program under this Node: `.bin` links would pick the machine's own. */
export function runTool(program: string, args: string[]): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const path = fileURLToPath(new URL(program, modules))
    const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ ok: code === 0, output, stdout }))
  })
}
