import process from 'node:process'
import type { Evaluation } from '../../features/sentiment/index.ts'
import { openProgress } from '../progress.ts'
import { type Column, tableOf } from '../table.ts'

export type EvaluateFlags = { text: string; label: string; json?: true }

const write = (text: string) => process.stdout.write(`${text}\n`)

/** Loaded when it runs, so that `--help` does not wait for it. */
export async function evaluateFile(
  file: string,
  { json, ...fields }: EvaluateFlags,
  open: () => Promise<{ model: Parameters<typeof createEngine>[0] }>,
): Promise<void> {
  const { evaluateModel, readLabelledLines } = await import('../../features/sentiment/index.ts')
  const labelled = await readLabelledLines(file, fields)
  const engine = await createEngine((await open()).model)
  const progress = openProgress('Reading')
  try {
    const evaluation = await evaluateModel(engine, labelled, progress.to)
    progress.end()
    write(json ? JSON.stringify({ file, ...evaluation }, null, 2) : inWords(evaluation))
  } finally {
    progress.end()
    await engine.close()
  }
}

type Model = Awaited<ReturnType<typeof import('../../features/sentiment/index.ts').resolveModel>>

/** Somebody waits for it: all cores, and no less important than other work. */
async function createEngine(model: Model) {
  const [{ createSentimentEngine }, { createLogger }, { availableParallelism }] = await Promise.all(
    [
      import('../../features/sentiment/index.ts'),
      import('../../core/logger.ts'),
      import('node:os'),
    ],
  )
  const log = createLogger({ level: 'warn', name: 'cli' })
  return createSentimentEngine({ model, threads: availableParallelism(), priority: 0, log })
}

function inWords(told: Evaluation): string {
  const { quality, baseline, calibration, accuracy } = told
  const interval = accuracy ? ` (95 %: ${digits(accuracy.low)} to ${digits(accuracy.high)})` : ''
  const skipped = told.skipped > 0 ? `, ${told.skipped} without anything to read left out` : ''
  const speed = told.textsPerSecond === null ? '' : `, ${Math.round(told.textsPerSecond)} texts/s`
  return [
    `${told.model}: ${told.n} texts${skipped}${speed}`,
    '',
    tableOf(measureColumns, [
      ['macro recall', quality.macroRecall, baseline.macroRecall],
      ['macro F1', quality.macroF1, baseline.macroF1],
      ['accuracy', quality.accuracy, baseline.accuracy],
    ]),
    `Accuracy${interval}; always ‘${baseline.guess}’ is what the model is compared with.`,
    '',
    tableOf(classColumns, classRows(told)),
    '',
    `Calibration error (ECE, 10 bins): ${digits(calibration.ece)}`,
    tableOf(
      binColumns,
      calibration.bins.filter(({ n }) => n > 0),
    ),
  ].join('\n')
}

const digits = (value: number | null) => (value === null ? '–' : value.toFixed(4))

const measureColumns: Column<[string, number | null, number | null]>[] = [
  { title: 'measure', of: ([name]) => name },
  { title: 'model', of: ([, model]) => model, digits: 4 },
  { title: 'always the same', of: ([, , baseline]) => baseline, digits: 4 },
]

type ClassRow = { name: string; counts: readonly number[] } & Evaluation['quality']['classes'][0]

const classRows = ({ classes, quality, confusion }: Evaluation): ClassRow[] =>
  quality.classes.map((one, index) => ({
    name: classes[index] ?? '',
    counts: confusion[index] ?? [],
    ...one,
  }))

const classColumns: Column<ClassRow>[] = [
  { title: 'label', of: ({ name }) => name },
  { title: 'texts', of: ({ support }) => support },
  { title: 'recall', of: ({ recall }) => recall, digits: 4 },
  { title: 'precision', of: ({ precision }) => precision, digits: 4 },
  { title: 'F1', of: ({ f1 }) => f1, digits: 4 },
  { title: '→ negative', of: ({ counts }) => counts[0] },
  { title: '→ neutral', of: ({ counts }) => counts[1] },
  { title: '→ positive', of: ({ counts }) => counts[2] },
]

const binColumns: Column<Evaluation['calibration']['bins'][0]>[] = [
  { title: 'confidence', of: ({ from, to }) => `${from.toFixed(1)}–${to.toFixed(1)}` },
  { title: 'texts', of: ({ n }) => n },
  { title: 'says', of: ({ confidence }) => confidence, digits: 4 },
  { title: 'is right', of: ({ accuracy }) => accuracy, digits: 4 },
]
