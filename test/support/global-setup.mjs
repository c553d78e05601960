import { ensureTemplate, openTestServer } from './servers.ts'

/** Keeps the database server up while the suites run; each of them clones the template. */
export default async function setup() {
  globalThis.earshotTestServer ??= await openTestServer()
  await ensureTemplate(globalThis.earshotTestServer.ownerUrl)
}
