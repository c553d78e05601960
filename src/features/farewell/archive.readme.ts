import type { ArchivedWorkspace } from './archive.queries.ts'
import { archivedTables, postsFile } from './archive.tables.ts'

const personal = [
  ['account.json', 'your account'],
  ['sessions.json', 'where and when you were signed in'],
  ['api-tokens.json', 'your API tokens, without their secrets'],
  ['workspaces.json', 'the workspaces that you are a member of'],
  ['mails.json', 'which mails were written to you, and when'],
  ['feedback.json', 'what you told the operators; pictures are beside it in feedback/'],
  ['audit.ndjson', 'what the audit log says of you, newest first'],
]

const listed = (files: string[][]) => {
  const width = Math.max(...files.map(([file = '']) => file.length))
  return files.map(([file = '', about = '']) => `  ${file.padEnd(width)}  ${about}`).join('\n')
}

type About = { email: string; at: Date; workspaces: ArchivedWorkspace[] }

/** Says what each file is, to somebody who opens the archive in ten years. */
export function archiveReadme({ email, at, workspaces }: About): string {
  const folders = workspaces
    .filter(({ isTheirsAlone }) => isTheirsAlone)
    .map(({ id, name }) => [`workspaces/${id}/`, name])
  const others = workspaces.filter(({ isTheirsAlone }) => !isTheirsAlone).map(({ name }) => name)
  const inside = [postsFile, ...archivedTables].map(({ file, about }) => [file, about])
  return `What Earshot held of ${email} at ${at.toISOString()}

${listed(personal)}

${folders.length > 0 ? `One folder for each workspace that is yours alone:\n\n${listed(folders)}\n\nand in it:\n\n${listed(inside)}\n` : ''}
${others.length > 0 ? `Of workspaces that you share, only that you are a member is in here: ${others.join(', ')}.\n` : ''}
.json is one JSON document, .ndjson one JSON object a line, both in UTF-8. Times are ISO 8601 in UTC.
Ids are texts, because they may be longer than JSON's numbers. null is what is not known: never 0.
Passwords, tokens and the credentials of platforms are in no file.
`
}
