export default async function teardown() {
  const server = globalThis.earshotTestServer
  globalThis.earshotTestServer = undefined
  await server?.close()
}
