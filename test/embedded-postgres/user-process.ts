// Run as a process of its own by the tests: opens the database of argv[2], says so in one line of
// JSON, and closes it when its input ends.
import { openEmbeddedPostgres } from '../../src/database/embedded/index.ts'

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)
const folder = process.argv[2] ?? ''
const log = (line: string) => say({ log: line })
const { close, ...opened } = await openEmbeddedPostgres({ folder, log, settings: { fsync: 'off' } })
say({ opened })
process.stdin.once('end', () => void close())
process.stdin.resume()
