import { isAbsolute, join } from 'node:path'
import type { Command } from 'commander'
import type { KeptMail } from '../features/mail/index.ts'

const write = (text: string) => process.stdout.write(`${text}\n`)

/** Loaded when a command runs, so that `--help` does not wait for it. */
async function parts() {
  const [{ loadConfig }, mail] = await Promise.all([
    import('../config/config.ts'),
    import('../features/mail/index.ts'),
  ])
  return { config: loadConfig(), mail }
}

export function mailCommand(program: Command): void {
  const mail = program
    .command('mail')
    .description('The mails that are kept here while no SMTP_URL is set')
  mail
    .command('list', { isDefault: true })
    .description('Say which there are, newest first')
    .option('--json', 'one JSON document instead of a table')
    .action(listMails)
  mail
    .command('show')
    .argument('<which>', 'its number in the list (1 is the newest), or a file')
    .option('--html', 'its HTML instead of its text')
    .option('--json', 'one JSON document')
    .description('Print one of them')
    .action(showMail)
  mail
    .command('send-test')
    .argument('<address>', 'who gets it')
    .option('--json', 'one JSON document instead of a sentence')
    .description('Send one mail through SMTP_URL, and say what is wrong where it fails')
    .action(sendTest)
}

const mostListed = 1_000

async function listMails({ json }: { json?: boolean }): Promise<void> {
  const { config, mail } = await parts()
  const kept = await mail.listKeptMails(config.mail.folder, mostListed)
  if (json) {
    const listed = kept.map(({ file, date, to, subject }) => ({ file, date, to, subject }))
    write(JSON.stringify({ mails: listed }, null, 2))
    return
  }
  if (kept.length === 0) {
    const where = config.mail.smtpUrl ? 'SMTP_URL is set: mails go there.' : config.mail.folder
    write(`No mails are kept. ${where}`)
    return
  }
  for (const line of asLines(kept)) write(line)
  write('\n`npm run earshot -- mail show 1` prints the newest.')
}

function asLines(kept: KeptMail[]): string[] {
  const width = Math.max(...kept.map(({ to }) => to.length))
  const digits = String(kept.length).length
  return kept.map(({ date, to, subject }, index) => {
    const at = new Date(date).toISOString().slice(0, 16).replace('T', ' ')
    return `${String(index + 1).padStart(digits)}  ${at} UTC  ${to.padEnd(width)}  ${subject}`
  })
}

async function showMail(which: string, { html, json }: { html?: boolean; json?: boolean }) {
  const { config, mail } = await parts()
  const found = await findMail(mail, config.mail.folder, which)
  if (!found) {
    process.stderr.write(`There is no mail '${which}': \`npm run earshot -- mail\` lists them.\n`)
    process.exitCode = 1
    return
  }
  if (json) write(JSON.stringify(found, null, 2))
  else if (html) write(found.html)
  else write(`To: ${found.to}\nDate: ${found.date}\nSubject: ${found.subject}\n\n${found.text}`)
}

async function findMail(
  mail: Awaited<ReturnType<typeof parts>>['mail'],
  folder: string,
  which: string,
): Promise<KeptMail | undefined> {
  if (/^\d+$/.test(which))
    return (await mail.listKeptMails(folder, Number(which)))[Number(which) - 1]
  const file = isAbsolute(which) || which.includes('/') ? which : join(folder, which)
  return mail.readKeptMail(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

async function sendTest(address: string, { json }: { json?: boolean }): Promise<void> {
  const [{ config, mail }, { systemClock }] = await Promise.all([
    parts(),
    import('../core/clock.ts'),
  ])
  const { smtpUrl } = config.mail
  const problem = smtpUrl
    ? await mail
        .sendTestMail({ config, clock: systemClock, smtpUrl }, address)
        .then(() => null)
        .catch((error: Error) => error.message)
    : 'SMTP_URL is not set, so mails are kept in the data folder.'
  if (problem) process.exitCode = 1
  if (json) write(JSON.stringify({ sent: problem === null, problem }, null, 2))
  else if (problem) process.stderr.write(`${problem}\n`)
  else write(`The mail server took a mail for ${address}.`)
}
