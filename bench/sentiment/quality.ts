import type { ModelSpec } from '../../src/features/sentiment/engine/model/model-files.ts'
import {
  createSentimentEngine,
  type Scores,
} from '../../src/features/sentiment/engine/sentiment-engine.ts'
import type { LabelledText } from './texts.ts'

export type Quality = { texts: number; accuracy: number; macroRecall: number; macroF1: number }

const moods = ['negative', 'neutral', 'positive'] as const

/** How often the likeliest class is the labelled one; macro recall is TweetEval's own measure. */
export async function measureQuality(
  model: ModelSpec,
  labelled: readonly LabelledText[],
): Promise<Quality> {
  const engine = createSentimentEngine({ model, log: { warn: () => undefined } })
  const scores = await engine.score(labelled.map(({ text }) => withoutArtefacts(text)))
  await engine.close()
  const pairs = labelled.map(({ label }, index) => ({ label, guess: likeliest(scores[index]) }))
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)
  const byMood = moods.map((mood) => {
    const hits = pairs.filter(({ label, guess }) => label === mood && guess === mood).length
    const labels = pairs.filter(({ label }) => label === mood).length
    const guesses = pairs.filter(({ guess }) => guess === mood).length
    return { recall: share(hits, labels), f1: share(2 * hits, labels + guesses), hits }
  })
  const mean = (of: (mood: { recall: number; f1: number }) => number) =>
    byMood.reduce((sum, mood) => sum + of(mood), 0) / moods.length
  return {
    texts: pairs.length,
    accuracy: byMood.reduce((sum, { hits }) => sum + hits, 0) / pairs.length,
    macroRecall: mean(({ recall }) => recall),
    macroF1: mean(({ f1 }) => f1),
  }
}

function likeliest(scores: Scores | undefined): (typeof moods)[number] {
  if (!scores) throw new Error('The engine answered for fewer texts than it was given')
  return moods.reduce((best, mood) => (scores[mood] > scores[best] ? mood : best))
}

/** TweetEval's files carry escapes that no platform's post has (models/training/prep.py, unesc). */
const withoutArtefacts = (text: string) =>
  text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replaceAll('\\""', '"')
    .replaceAll('\\"', '"')
    .replaceAll("\\'", "'")
    .replaceAll('\\n', ' ')
