import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Binds for a moment; 0 asks the system for any free port. Null when the port is taken. */
function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null))
    })
  })
}

/** The port of the last time if it is free, so that a database tool's saved connection still works. */
export async function choosePort(homeFolder: string, tried: number[]): Promise<number> {
  const path = join(homeFolder, 'port')
  const last = Number(await readFile(path, 'utf8').catch(() => '0'))
  const kept = last > 0 && !tried.includes(last) ? await tryPort(last) : null
  const port = kept ?? (await tryPort(0))
  if (port === null) throw new Error('no free port on 127.0.0.1')
  if (port !== last) await writeFile(path, `${port}\n`)
  return port
}
