import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { type Copies, withCopies } from '../exports/index.ts'
import {
  type ArchivedWorkspace,
  auditOfPerson,
  findAccount,
  findApiTokens,
  findArchivedWorkspaces,
  findFeedback,
  findMails,
  findScreenshotBytes,
  findScreenshots,
  findSessions,
} from './archive.queries.ts'
import { archiveReadme } from './archive.readme.ts'
import { archivedTables, postsFile } from './archive.tables.ts'

/** A file of the archive, made when its turn comes: one at a time, a block in memory at a time. */
type Entry = { name: string; open: () => Promise<Readable> }

type Person = { userId: string; email: string; workspaceId: string }

/** Writes the whole archive into what `head` gives, which is asked for when nothing can be refused any more. */
export async function writeArchive(
  ctx: Context,
  person: Person,
  head: () => Writable,
): Promise<void> {
  await withCopies(ctx, person.workspaceId, async (copies) => {
    const workspaces = await findArchivedWorkspaces(ctx.em, person.userId)
    const entries = [
      ...(await personalEntries(ctx, person, workspaces)),
      ...workspaces.filter((one) => one.isTheirsAlone).flatMap((one) => entriesOf(copies, one)),
    ]
    // Before the first byte leaves: nothing is taken out of which no row tells.
    await recordAudit(ctx, {
      action: 'account.archive_taken',
      workspaceId: null,
      object: { kind: 'user', id: person.userId },
    })
    await pipeline(zipOf(entries, ctx.clock.now()), head(), { signal: ctx.signal })
  })
}

async function personalEntries(
  { em, clock }: Context,
  { userId, email }: Person,
  workspaces: ArchivedWorkspace[],
): Promise<Entry[]> {
  const screenshots = await findScreenshots(em, userId)
  const readme = archiveReadme({ email, at: clock.now(), workspaces })
  const documents: [name: string, read: () => Promise<unknown>][] = [
    ['account.json', () => findAccount(em, userId)],
    ['sessions.json', () => findSessions(em, userId)],
    ['api-tokens.json', () => findApiTokens(em, userId)],
    ['workspaces.json', async () => workspaces],
    ['mails.json', () => findMails(em, userId)],
    ['feedback.json', () => findFeedback(em, userId)],
  ]
  return [
    { name: 'README.txt', open: async () => Readable.from([readme]) },
    ...documents.map(([name, read]) => ({ name, open: async () => asJson(await read()) })),
    ...screenshots.map(({ id, media_type }) => ({
      name: `feedback/${id}.${media_type.split('/')[1] ?? 'bin'}`,
      open: async () => Readable.from([await findScreenshotBytes(em, id)]),
    })),
    { name: 'audit.ndjson', open: async () => Readable.from(asLines(auditOfPerson(em, userId))) },
  ]
}

const entriesOf = (copies: Copies, { id }: ArchivedWorkspace): Entry[] => [
  { name: `workspaces/${id}/${postsFile.file}`, open: () => copies.posts(id) },
  ...archivedTables.map(({ file, select }) => ({
    name: `workspaces/${id}/${file}`,
    open: () => copies.rows(id, select),
  })),
]

const asJson = (value: unknown) => Readable.from([`${JSON.stringify(value, null, 2)}\n`])

async function* asLines(found: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const one of found) yield `${JSON.stringify(one)}\n`
}

/** yazl pipes without looking at errors: whatever breaks here breaks the whole file, at once. */
function zipOf(entries: Entry[], mtime: Date): Readable {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  let current: Readable | null = null
  const fail = (error: Error) => void output.destroy(error)
  output.once('close', () => current?.destroy())
  zip.on('error', fail)
  for (const { name, open } of entries) {
    zip.addReadStreamLazy(name, { mtime, mode: 0o100600 }, (give) => {
      open().then((stream) => {
        current = stream.once('error', fail)
        // The reader may have gone while the file was being opened.
        if (output.destroyed) stream.destroy()
        else give(null, stream)
      }, fail)
    })
  }
  zip.end()
  return output
}
