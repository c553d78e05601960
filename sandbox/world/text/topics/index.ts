import { art } from './art.topic.ts'
import { cooking } from './cooking.topic.ts'
import { film } from './film.topic.ts'
import { finance } from './finance.topic.ts'
import { fitness } from './fitness.topic.ts'
import { gaming } from './gaming.topic.ts'
import { gardening } from './gardening.topic.ts'
import { music } from './music.topic.ts'
import { science } from './science.topic.ts'
import { sports } from './sports.topic.ts'
import { tech } from './tech.topic.ts'
import { travel } from './travel.topic.ts'

export const topics = [
  gaming,
  music,
  cooking,
  tech,
  sports,
  art,
  science,
  finance,
  fitness,
  travel,
  gardening,
  film,
] as const
