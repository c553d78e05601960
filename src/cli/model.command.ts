import { join } from 'node:path'
import type { Command } from 'commander'
import type { FetchProgress } from '../features/sentiment/index.ts'
import { type EvaluateFlags, evaluateFile } from './model/evaluate.ts'

const recommended = 'cardiffnlp/twitter-roberta-base-sentiment-latest'

export function modelCommand(program: Command): void {
  const model = program.command('model').description('The model that reads the mood of texts')
  model
    .command('fetch')
    .argument('[name]', 'organisation/model on the hub', recommended)
    .option('--quantized', 'a quarter of the size, not quite the same scores')
    .option('--revision <name>', 'branch, tag or commit', 'main')
    .option('--json', 'one JSON document in place of words')
    .description('Download a model, once; SENTIMENT_MODEL then chooses it')
    .action(fetchOne)
  model
    .command('evaluate')
    .argument('<file>', 'JSONL (.gz too) with a text and its label on each line')
    .option('--text <field>', 'where the text stands', 'text')
    .option(
      '--label <field>',
      'where its label stands: negative, neutral, positive or 0, 1, 2',
      'label',
    )
    .option('--json', 'one JSON document in place of tables')
    .description('Measure the model on labelled texts')
    .action((file: string, flags: EvaluateFlags) => evaluateFile(file, flags, chosenModel))
  model
    .command('show')
    .option('--json', 'one JSON document in place of words')
    .description('Say which model scores, and where it lies')
    .action(showModel)
}

/** Loaded when a command runs, so that `--help` does not wait for it. */
async function sentiment() {
  const [{ loadConfig }, engine] = await Promise.all([
    import('../config/config.ts'),
    import('../features/sentiment/index.ts'),
  ])
  const config = loadConfig()
  return { config, engine, folder: join(config.dataFolder, 'models') }
}

type FetchFlags = { quantized?: boolean; revision: string; json?: true }

async function fetchOne(name: string, { quantized, revision, json }: FetchFlags): Promise<void> {
  const { config, engine, folder } = await sentiment()
  const fetched = await engine.fetchModel(name, {
    folder,
    baseUrl: config.sentiment.hubUrl,
    revision,
    ...(quantized && { quantized }),
    log: { info: () => {} },
    onProgress: progressBar(),
  })
  if (json) return writeJson(documentOf(fetched))
  process.stdout.write(`${fetched.name} lies in ${fetched.folder}\n`)
  if (config.sentiment.model !== name) {
    process.stdout.write(`Set SENTIMENT_MODEL=${name} and restart the workers to score with it.\n`)
  }
}

async function chosenModel() {
  const { config, engine, folder } = await sentiment()
  return { model: await engine.resolveModel({ model: config.sentiment.model, folder }) }
}

type Model = Awaited<ReturnType<typeof chosenModel>>['model']

const documentOf = ({ name, id, folder, weights, maxTokens }: Model) => ({
  name,
  id,
  folder,
  weights: join(folder, 'onnx', weights),
  maxTokens,
})

const writeJson = (document: object) =>
  void process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)

async function showModel({ json }: { json?: true }): Promise<void> {
  const told = documentOf((await chosenModel()).model)
  if (json) return writeJson(told)
  const lines = [
    ['model', told.name],
    ['id', told.id],
    ['weights', told.weights],
    ['reads at most', `${told.maxTokens} tokens`],
  ]
  for (const [label = '', value = ''] of lines) {
    process.stdout.write(`${label.padEnd(14)} ${value}\n`)
  }
}

const barWidth = 30
const inMegabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`

/** One line a file: redrawn on a terminal, written once at its end elsewhere. */
function progressBar(): (progress: FetchProgress) => void {
  const { isTTY } = process.stderr
  let drawnAt = 0
  return ({ file, receivedBytes, totalBytes }) => {
    const whole = totalBytes !== null && receivedBytes >= totalBytes
    if (!whole && (!isTTY || performance.now() - drawnAt < 100)) return
    drawnAt = performance.now()
    const share = totalBytes ? Math.round((receivedBytes / totalBytes) * barWidth) : 0
    const bar = '#'.repeat(share).padEnd(barWidth, '.')
    const start = isTTY ? '\r\u001b[2K' : ''
    const end = whole || !isTTY ? '\n' : ''
    process.stderr.write(`${start}${file.padEnd(24)} ${bar} ${inMegabytes(receivedBytes)}${end}`)
  }
}
