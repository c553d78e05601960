import type { Random } from '../random.ts'
import type { Topic } from './topic.ts'

const before = [
  'the',
  'real',
  'daily',
  'little',
  'lazy',
  'north',
  'old',
  'quiet',
  'team',
  'studio',
  'captain',
  'miss',
  'mister',
  'just',
  'slow',
  'tiny',
  'grand',
  'blue',
  'second',
  'late',
]
const after = [
  'club',
  'lab',
  'hub',
  'cast',
  'corner',
  'works',
  'weekly',
  'diaries',
  'house',
  'notes',
  'talk',
  'tv',
  'report',
  'files',
  'fm',
  'school',
  'crew',
  'and_co',
  'live',
  'hour',
]
const given = [
  'Ana',
  'Ben',
  'Chloe',
  'Dmitri',
  'Elif',
  'Felix',
  'Grace',
  'Hana',
  'Ivo',
  'Jonas',
  'Keiko',
  'Lena',
  'Mateo',
  'Nora',
  'Omar',
  'Priya',
  'Quinn',
  'Rosa',
  'Sami',
  'Tess',
  'Umar',
  'Vera',
  'Wim',
  'Yara',
  'Zoe',
]
const family = [
  'Abe',
  'Baker',
  'Costa',
  'Dahl',
  'Egan',
  'Fuchs',
  'Gray',
  'Holt',
  'Ito',
  'Jansen',
  'Kaya',
  'Lopez',
  'Moreau',
  'Novak',
  'Okafor',
  'Petrov',
  'Quist',
  'Rossi',
  'Silva',
  'Tanaka',
  'Usman',
  'Vance',
  'Weber',
  'Young',
  'Zhang',
]

export type Name = { handle: string; title: string }

/** A name of a channel or an account: a brand of its topic, or a person's. */
export function sourceName(random: Random, topic: Topic, taken: ReadonlySet<string>): Name {
  for (let attempt = 0; ; attempt++) {
    const { handle, title } = proposeName(random, topic)
    const unique = attempt < 6 ? handle : `${handle.slice(0, 11)}${random.int(9000) + 1000}`
    if (unique.length <= 15 && !taken.has(unique.toLowerCase())) return { handle: unique, title }
  }
}

function proposeName(random: Random, topic: Topic): Name {
  const word = random.pick(topic.name)
  const other = random.pick(topic.name)
  const form = random.int(5)
  if (form === 0) return { handle: `${random.pick(before)}${word}`, title: `The ${word} People` }
  if (form === 1) return { handle: `${word}${random.pick(after)}`, title: `${word} ${other}` }
  if (form === 2) return { handle: `${word}${other}`, title: `${word} & ${other}` }
  const first = random.pick(given)
  const last = random.pick(family)
  return form === 3
    ? { handle: `${first}${last}`, title: `${first} ${last}` }
    : { handle: `${first}_${word}`.toLowerCase(), title: `${first} does ${topic.id}` }
}

/** A passer-by: somebody who comments. */
export function personName(random: Random): Name {
  const first = random.pick(given)
  const last = random.pick(family)
  const number = random.int(1000)
  return { handle: `${first}${last}${number}`.toLowerCase(), title: `${first} ${last}` }
}
