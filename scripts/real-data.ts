import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'csv-parse'
import { type ExpectedPost, expectedPosts } from '../sandbox/real-world/expected.ts'

/**
 * The demo over real posts, and its export held against the files: every number that was collected
 * must be the data's own. REFERENCE_DIR names the folder that holds `data/`.
 */
const folder = resolve(process.env.REFERENCE_DIR ?? '../shared', 'data')
const dataFolder = resolve('.earshot', 'real-data')
/** --compare: of the last run's export, without another run. */
const onlyCompare = process.argv.includes('--compare')
const goals = { posts: 20_000, twitchChannels: 600 }

const figures = ['views', 'likes', 'comments', 'shares', 'score', 'upvoteRatio', 'viewers'] as const
type Row = Record<string, string>

const say = (line: string) => process.stdout.write(`${line}\n`)

async function runDemo(): Promise<void> {
  const demo = ['src/cli/main.ts', 'demo', '--once', '--port', '0', '--world', folder]
  const args = [...demo, '--sources', '660', '--posts', '200']
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, DATA_DIR: dataFolder },
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error('The demo over the real data failed')
}

/** The export puts ' before a text that a spreadsheet would run; ids of YouTube can begin with -. */
const unguarded = (cell: string): string => cell.replace(/^'(?='*[=+\-@])/, '')

async function exported(file: string): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>()
  const parser = createReadStream(file).pipe(parse({ columns: true, bom: true }))
  for await (const row of parser as AsyncIterable<Row>) {
    rows.set(`${row.platform} ${unguarded(row.externalId ?? '')}`, row)
  }
  return rows
}

/** What differs between a row and the data; a figure that the data lacks must be empty. */
function differences(row: Row, expected: ExpectedPost): string[] {
  return figures.filter((name) => {
    const value = row[name] === '' || row[name] === undefined ? null : Number(row[name])
    return value !== expected[name]
  })
}

async function compare(rows: Map<string, Row>) {
  const counts = new Map<string, number>()
  const wrong: string[] = []
  const unseen = new Set(rows.keys())
  for await (const post of expectedPosts(folder)) {
    const key = `${post.platform} ${post.externalId}`
    const row = rows.get(key)
    if (!row) continue
    unseen.delete(key)
    counts.set(post.platform, (counts.get(post.platform) ?? 0) + 1)
    const differing = differences(row, post)
    if (differing.length > 0) wrong.push(`${key}: ${differing.join(', ')}`)
  }
  return { counts, wrong, unknown: [...unseen] }
}

async function main(): Promise<number> {
  if (!existsSync(folder)) {
    say(`Skipped: there is no ${folder} (REFERENCE_DIR names the folder that holds data/)`)
    return 0
  }
  if (!onlyCompare) await runDemo()
  const rows = await exported(join(dataFolder, 'demo-world', 'posts.csv'))
  const { counts, wrong, unknown } = await compare(rows)
  const twitch = new Set(
    [...rows.values()].filter((row) => row.platform === 'twitch').map((row) => row.sourceHandle),
  ).size
  const posts = rows.size - (counts.get('twitch') ?? 0)
  say('')
  say('The export held against the files')
  for (const [platform, count] of counts)
    say(`  ${platform.padEnd(10)} ${count} rows found in the data`)
  say(`  ${posts} posts of Reddit, X and YouTube (goal ${goals.posts})`)
  say(`  ${twitch} Twitch channels (goal ${goals.twitchChannels})`)
  say(`  ${wrong.length} rows with a number that is not the data's`)
  say(`  ${unknown.length} rows that the data does not have`)
  for (const line of [...wrong, ...unknown].slice(0, 10)) say(`    ${line}`)
  const short = posts < goals.posts || twitch < goals.twitchChannels
  return short || wrong.length > 0 || unknown.length > 0 ? 1 : 0
}

process.exitCode = await main()
