import { forWorkspace } from '../src/database/database.ts'
import { resolveModel } from '../src/features/sentiment/index.ts'
import { cacheScores, findCachedScores } from '../src/features/sentiment/sentiment-cache.ts'
import { openBenchEnvironment } from './environment.ts'
import { type Bench, type Figure, figure, median } from './figure.ts'
import { measureQuality } from './sentiment/quality.ts'
import { generateTexts, readLabelledTweets } from './sentiment/texts.ts'
import { measureThroughput } from './sentiment/throughput.ts'

const texts = 2_000
const lookups = 512
const rounds = 20

/** Texts a second that are answered from the cache, identity checks included. */
async function cacheHitsPerSecond(): Promise<number> {
  const environment = await openBenchEnvironment()
  try {
    const { owner, parts } = environment
    const { rows } = await owner.query(
      `insert into workspaces (name, created_at) values ('bench', now()) returning id`,
    )
    const em = forWorkspace(parts.database.orm.em.fork() as never, String(rows[0].id))
    const known = generateTexts(20_000)
    const score = { negative: 0.2, neutral: 0.3, positive: 0.5, compound: 0.3 }
    await cacheScores(em, 'bench', new Map(known.map((text) => [text, score])), new Date())
    const rates: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const asked = known.slice(round * lookups, (round + 1) * lookups)
      const started = performance.now()
      const found = await findCachedScores(em, 'bench', asked)
      rates.push(found.size / ((performance.now() - started) / 1_000))
      if (found.size !== new Set(asked).size) throw new Error('a cached text was not found')
    }
    return median(rates)
  } finally {
    await environment.close()
  }
}

/** Macro recall on TweetEval's validation set, where the reference data is on this machine. */
async function qualityFigures(say: (line: string) => void): Promise<Figure[]> {
  const labelled = readLabelledTweets(process.env.REFERENCE_DIR ?? '../shared')
  if (!labelled) {
    say('quality skipped: REFERENCE_DIR names no folder with data/tweeteval_sentiment_val.jsonl.gz')
    return []
  }
  const { macroRecall, accuracy } = await measureQuality(
    await resolveModel({ model: null }),
    labelled,
  )
  const told = { unit: '', goal: null, better: 'higher' } as const
  return [
    figure({ name: 'sentiment.validation.macro_recall', value: macroRecall, ...told }),
    figure({ name: 'sentiment.validation.accuracy', value: accuracy, ...told }),
  ]
}

export const sentiment: Bench = {
  name: 'sentiment',
  summary: `${texts} texts through the engine, over bare onnxruntime on the same batches; cache hits`,
  run: async (say): Promise<Figure[]> => {
    const model = await resolveModel({ model: null })
    const { engine, bare, ratio } = await measureThroughput({ model, texts: generateTexts(texts) })
    say(`${Math.round(engine)} texts/s, bare ${Math.round(bare)} texts/s`)
    const told = { goal: null, better: 'higher' } as const
    return [
      figure({ name: 'sentiment.engine', value: engine, unit: 'texts/s', ...told }),
      figure({ name: 'sentiment.bare_onnxruntime', value: bare, unit: 'texts/s', ...told }),
      figure({ name: 'sentiment.ratio', value: ratio, unit: 'x', goal: 0.9, better: 'higher' }),
      figure({
        name: 'sentiment.cache_hits',
        value: await cacheHitsPerSecond(),
        unit: 'texts/s',
        ...told,
      }),
      ...(await qualityFigures(say)),
    ]
  },
}
