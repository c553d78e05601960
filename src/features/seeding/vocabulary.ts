import type { Random } from './random.ts'

export type Mood = 'negative' | 'neutral' | 'positive'

/** A name, and words that are its hashtags. */
export const topics: readonly { name: string; words: readonly string[] }[] = [
  {
    name: 'Science & Technology',
    words: ['opensource', 'databases', 'typescript', 'privacy', 'cloud', 'robotics', 'astronomy'],
  },
  { name: 'Education', words: ['learning', 'history', 'languages', 'maths', 'teaching', 'books'] },
  {
    name: 'Gaming',
    words: ['speedrun', 'indiegames', 'esports', 'retro', 'boardgames', 'modding'],
  },
  { name: 'Music', words: ['vinyl', 'jazz', 'synths', 'livemusic', 'songwriting', 'choir'] },
  { name: 'Sports', words: ['running', 'climbing', 'football', 'cycling', 'chess', 'swimming'] },
  { name: 'Howto & Style', words: ['cooking', 'gardening', 'sewing', 'woodwork', 'baking', 'diy'] },
  {
    name: 'Travel & Events',
    words: ['trains', 'hiking', 'citywalk', 'islands', 'festival', 'maps'],
  },
  {
    name: 'News & Politics',
    words: ['elections', 'budget', 'housing', 'energy', 'transit', 'climate'],
  },
]
const suffixes = ['tips', 'news', 'daily', 'lab', 'talk', 'week', 'club', 'ideas', 'basics', 'live']

/** Hashtag number `index`; topics take turns. */
export function tagAt(index: number): string {
  const { words } = topicOfTag(index)
  const turn = Math.floor(index / topics.length)
  const round = Math.floor(turn / words.length)
  const word = words[turn % words.length] ?? ''
  if (round === 0) return word
  const lap = Math.floor((round - 1) / suffixes.length)
  return `${word}${suffixes[(round - 1) % suffixes.length]}${lap === 0 ? '' : lap + 1}`
}

export const topicOfTag = (index: number) => {
  const topic = topics[index % topics.length]
  if (!topic) throw new Error(`No topic has tag ${index}`)
  return topic
}

const said: Record<Mood, readonly string[]> = {
  positive: [
    'Loving how {t} turned out today',
    'What a great week for {t}',
    'So grateful to everyone who helped with {t}',
    'Finally got {t} right, and it is wonderful',
    'This is the best guide to {t} that I have read',
    'Happy to share our work on {t}',
  ],
  neutral: [
    'Notes on {t} from this week',
    'How do you go about {t}?',
    'A short list of links on {t}',
    'We measured {t} again, numbers inside',
    'Reading about {t} this evening',
    'The next meeting on {t} is on Thursday',
  ],
  negative: [
    'Really disappointed with {t} today',
    'Another day, another broken {t}',
    '{t} keeps getting worse and nobody listens',
    'Tired of the mess around {t}',
    'A terrible experience with {t}, avoid it',
  ],
}
const ends = ['Thoughts?', 'Details below.', 'More tomorrow.', 'Sources in the comments.', '']
const answers: Record<Mood, readonly string[]> = {
  positive: ['Great work, thank you!', 'This helped me a lot.', 'I love this.', 'Well said.'],
  neutral: ['Which version is that?', 'Same question here.', 'See the link above.', 'Since when?'],
  negative: ['This is plain wrong.', 'Did not work for me at all.', 'What a waste of time.'],
}

export const titleOf = (random: Random, mood: Mood, word: string) =>
  random.pick(said[mood]).replace('{t}', word)

export const bodyOf = (random: Random, title: string, tags: readonly string[]) =>
  [`${title}.`, random.pick(ends), ...tags.map((tag) => `#${tag}`)].filter(Boolean).join(' ')

export const answerOf = (random: Random, mood: Mood) => random.pick(answers[mood])

export const moodOf = (random: Random, weights: readonly [number, number, number]): Mood =>
  (['negative', 'neutral', 'positive'] as const)[random.weighted(weights)] ?? 'neutral'

/** The three shares of a mood, in ten-thousandths that add up to 10,000. */
export function weightsOf(random: Random, mood: Mood): Record<Mood, number> {
  const most = 5_500 + random.int(4_200)
  const second = random.int(10_000 - most + 1)
  const rest = 10_000 - most - second
  if (mood === 'positive') return { positive: most, neutral: second, negative: rest }
  if (mood === 'negative') return { negative: most, neutral: second, positive: rest }
  return { neutral: most, positive: second, negative: rest }
}

const names = (
  'ada ben cleo dario emre fay goran hana ines jonas kaya lena milo nora oskar pia quinn rosa sami ' +
  'tara umar vera wim xenia yara zoe'
).split(' ')

/** A handle that nobody else in the world has. */
export const handleAt = (index: number) =>
  `${names[index % names.length]}_${String(index + 1).padStart(4, '0')}`
export const displayNameAt = (index: number) => {
  const name = names[index % names.length] ?? ''
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)} ${index + 1}`
}
