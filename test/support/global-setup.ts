import { ensureTemplate, openTestServer, type TestServer } from './servers.ts'

const held: { server?: TestServer } = {}

/** Keeps the database server up while the suites run; each of them clones the template. */
export async function setup(): Promise<void> {
  held.server ??= await openTestServer()
  await ensureTemplate(held.server.ownerUrl)
}

export async function teardown(): Promise<void> {
  await held.server?.close()
}
