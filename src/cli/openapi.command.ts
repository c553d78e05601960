import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'

const path = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url))

/** `earshot openapi`: the document of the routes, on the terminal or into docs/openapi.json. */
export function openapiCommand(program: Command): void {
  program
    .command('openapi')
    .description('Print the OpenAPI document of the API')
    .option('--write', 'write it to docs/openapi.json instead')
    .action(async ({ write }: { write?: boolean }) => {
      const [{ openApiText }, { routes }] = await Promise.all([
        import('../http/openapi.ts'),
        import('../routes.ts'),
      ])
      const text = openApiText(routes)
      if (!write) {
        process.stdout.write(text)
        return
      }
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
      process.stdout.write('docs/openapi.json is written.\n')
    })
}
