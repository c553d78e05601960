import type { Random } from '../random.ts'
import type { Topic } from '../text/topic.ts'
import type { Game } from '../twitch.world.ts'

const videoGames = [
  'Lanterns of Ys',
  'Orbit Drift',
  'Mudlark',
  'Castle Cascade',
  'Deep Signal',
  'Paper Ronin',
  'Sunken Rails',
  'Hexfall Arena',
  'Goblin Bakery',
  'Neon Courier',
  'Frost Harbor',
  'Mycelia',
  'Kart Cosmos',
  'Iron Lullaby',
  'The Long Tide',
  'Pocket Siege',
  'Starling Valley',
  'Void Chess',
  'Tower of Crumbs',
  'Rookery',
]
const byTopic: Record<string, readonly string[]> = {
  music: ['Music', 'DJs'],
  cooking: ['Food & Drink'],
  tech: ['Software and Game Development', 'Science & Technology'],
  sports: ['Sports'],
  art: ['Art', 'Makers & Crafting'],
  science: ['Science & Technology'],
  finance: ['Talk Shows & Podcasts'],
  fitness: ['Fitness & Health'],
  travel: ['Travel & Outdoors'],
  gardening: ['Animals, Aquariums, and Zoos', 'Makers & Crafting'],
  film: ['Talk Shows & Podcasts', 'Watch Parties'],
}
const names = [...new Set(['Just Chatting', ...videoGames, ...Object.values(byTopic).flat()])]
const games: readonly Game[] = names.map((name, index) => ({
  id: String(509658 + index * 97),
  name,
}))

export const gameById = (id: string) => games.find((game) => game.id === id) ?? null
export const gameByName = (name: string) =>
  games.find((game) => game.name.toLowerCase() === name.toLowerCase()) ?? null

/** Most play something; the others are filed under their topic, or just chat. */
export function gameFor(random: Random, topic: Topic): Game | null {
  if (random.chance(0.15)) return gameByName('Just Chatting')
  return gameByName(random.pick(byTopic[topic.id] ?? videoGames))
}
