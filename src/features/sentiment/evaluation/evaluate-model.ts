import { type Calibration, calibrationOf } from '../../../statistics/calibration.ts'
import {
  type Confusion,
  confusionOf,
  majorityBaseline,
  type Quality,
  qualityOf,
} from '../../../statistics/classification.ts'
import { type Interval, wilson } from '../../../statistics/intervals.ts'
import { isScorable, type Scores, type SentimentEngine } from '../engine/index.ts'
import { type LabelledText, type Mood, moods } from './labelled-lines.ts'

export type Evaluation = {
  model: string
  /** Texts that were judged. */
  n: number
  /** Texts with nothing to read: the model gives them no mood, and they are not judged. */
  skipped: number
  classes: readonly Mood[]
  quality: Quality
  /** Where the accuracy lies, 95 %. */
  accuracy: Interval | null
  /** Rows: the file's labels; columns: the model's classes. */
  confusion: Confusion
  calibration: Calibration
  baseline: Quality & { guess: Mood }
  seconds: number
  /** Of distinct texts, the model loaded before. */
  textsPerSecond: number | null
}

const batch = 256

/** Scores labelled texts as they would be in production, and compares. */
export async function evaluateModel(
  engine: SentimentEngine,
  labelled: readonly LabelledText[],
  onProgress: (done: number, all: number) => void = () => {},
): Promise<Evaluation> {
  const judged = labelled.filter(({ text }) => isScorable(text))
  const distinct = [...new Set(judged.map(({ text }) => text))]
  // The first call starts the process and loads the model.
  await engine.score(distinct.slice(0, 1))
  const started = performance.now()
  const scores = new Map<string, Scores>()
  for (let at = 0; at < distinct.length; at += batch) {
    const texts = distinct.slice(at, at + batch)
    for (const [index, score] of (await engine.score(texts)).entries()) {
      scores.set(texts[index] ?? '', score)
    }
    onProgress(scores.size, distinct.length)
  }
  const seconds = (performance.now() - started) / 1_000
  const answers = judged.flatMap(({ text, label }) => {
    const score = scores.get(text)
    return score ? [answerOf(score, label)] : []
  })
  return {
    model: engine.modelId,
    skipped: labelled.length - judged.length,
    seconds,
    textsPerSecond: distinct.length > 0 ? distinct.length / seconds : null,
    ...judgedBy(answers),
  }
}

type Answer = { truth: number; guess: number; confidence: number }

const answerOf = (score: Scores, label: Mood): Answer => {
  const guess = moods.indexOf(moodOf(score))
  return { truth: moods.indexOf(label), guess, confidence: score[moods[guess] ?? 'neutral'] }
}

/** The class with the most weight; a tie is neutral, as everywhere. */
function moodOf({ negative, neutral, positive }: Scores): Mood {
  if (positive > neutral && positive > negative) return 'positive'
  return negative > neutral && negative > positive ? 'negative' : 'neutral'
}

function judgedBy(answers: readonly Answer[]) {
  const pairs = answers.map(({ truth, guess }) => [truth, guess] as const)
  const confusion = confusionOf(pairs, moods.length)
  const quality = qualityOf(confusion)
  const right = answers.filter(({ truth, guess }) => truth === guess).length
  const { guess, ...baseline } = majorityBaseline(confusion)
  return {
    n: answers.length,
    classes: moods,
    quality,
    accuracy: wilson(right, answers.length),
    confusion,
    calibration: calibrationOf(
      answers.map(({ truth, guess: own, confidence }) => ({ confidence, right: truth === own })),
    ),
    baseline: { ...baseline, guess: moods[guess] ?? 'neutral' },
  }
}
