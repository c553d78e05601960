import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

const LabelledText = z.object({
  text: z.string(),
  label: z.enum(['negative', 'neutral', 'positive']),
})
export type LabelledText = z.infer<typeof LabelledText>

/** TweetEval's validation set from the reference data; null where that is not on this machine. */
export function readLabelledTweets(referenceDir: string): LabelledText[] | null {
  const file = path.join(referenceDir, 'data', 'tweeteval_sentiment_val.jsonl.gz')
  if (!existsSync(file)) return null
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')
  return lines.map((line) => LabelledText.parse(JSON.parse(line)))
}

const openings = ['Honestly', 'No way', 'Finally', 'Day 3 of this', 'Ok so', 'Breaking', 'Hot take']
const subjects = [
  'the new patch',
  'this stream',
  'her last video',
  'the ranked queue',
  'that trailer',
]
const verdicts = [
  'is a mess',
  'made my week',
  'starts at nine',
  'was better last year',
  'broke again',
]
const endings = [
  'and nobody talks about it',
  'lol',
  'thanks @someone',
  'https://example.com/watch',
  '!!',
]

/** `count` distinct posts of 5 to 60 words; the same ones on every machine. */
export function generateTexts(count: number): string[] {
  // Numbers that share no factor with one another, so that the parts do not move in step.
  const pick = (parts: string[], seed: number) => parts[seed % parts.length] ?? ''
  const sentence = (seed: number) =>
    [
      pick(openings, seed),
      pick(subjects, Math.floor(seed / 3)),
      pick(verdicts, Math.floor(seed / 7)),
      pick(endings, Math.floor(seed / 11)),
    ].join(' ')
  return Array.from({ length: count }, (_, index) => {
    const sentences = Array.from({ length: 1 + (index % 5) }, (_, part) =>
      sentence(index * 13 + part * 101),
    )
    return `${sentences.join('. ')} #${index}`
  })
}
