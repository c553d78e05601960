import type { Random } from '../random.ts'
import { languageOf } from './languages/index.ts'
import { everyday, type Mood, moods } from './moods.ts'
import { reactions } from './reactions.ts'
import type { Topic } from './topic.ts'

type Words = Record<string, readonly string[]>

const slot = /\{(\w+)(\|cap)?\}/g
const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Fills a template's slots from the words, which may hold slots themselves. */
function expand(template: string, words: Words, random: Random, depth = 0): string {
  return template.replace(slot, (whole, name: string, cap: string | undefined) => {
    const choices = words[name]
    if (!choices || depth > 3) return whole
    const text = expand(random.pick(choices), words, random, depth + 1)
    return cap ? capitalised(text) : text
  })
}

const topicWords = (topic: Topic): Words => ({
  ...everyday,
  thing: topic.thing,
  doing: topic.doing,
  place: topic.place,
  praise: topic.praise,
  gripe: topic.gripe,
})

const tidy = (text: string) =>
  text
    .replace(/ {2,}/g, ' ')
    .replace(/ ([.,!])/g, '$1')
    .trim()

export const moodNames = Object.keys(moods) as Mood[]

/** One thing that somebody says, in a language. */
export function sentence(random: Random, topic: Topic, mood: Mood, lang: string): string {
  const other = languageOf(lang)
  return tidy(
    other
      ? expand(random.pick(other.templates), other.words, random)
      : expand(random.pick(moods[mood]), topicWords(topic), random),
  )
}

export const reaction = (random: Random, topic: Topic, lang = 'en'): string =>
  languageOf(lang)
    ? sentence(random, topic, 'question', lang)
    : tidy(expand(random.pick(reactions), topicWords(topic), random))

export const titleOf = (random: Random, topic: Topic): string =>
  capitalised(tidy(expand(random.pick(topic.title), topicWords(topic), random)))

/** Several sentences in paragraphs, as under a video or in a text post. */
export function paragraphs(random: Random, topic: Topic, lang: string, most: number): string {
  const count = 1 + random.int(most)
  return Array.from({ length: count }, () => {
    const mood = random.pick(moodNames)
    const length = 1 + random.int(3)
    return Array.from({ length }, () => sentence(random, topic, mood, lang)).join(' ')
  }).join('\n\n')
}

/**
 * Texts that break careless exports: a spreadsheet runs a cell that starts with = + - or @, and
 * CSV trips over quotes, commas, semicolons and line ends.
 */
const awkward: readonly ((text: string) => string)[] = [
  (text) => `=SUM(A1:A9) is how I feel: ${text}`,
  (text) => `+1 ${text}`,
  (text) => `-${text}`,
  (text) => `@ everyone: ${text}`,
  (text) => `"${text}", she said; then, again: "${text.slice(0, 24)}"`,
  (text) => `${text}\n- first\n- second, third\n\t- fourth`,
  (text) => `${text} | a;b,c\td`,
  (text) => `'${text}\r\nNew line, who dis?`,
  (text) => `<b>${text}</b> & more`,
]
export const nowAndThenAwkward = (random: Random, text: string): string =>
  random.chance(0.02) ? random.pick(awkward)(text) : text
