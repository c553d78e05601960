import { z } from 'zod'
import { frameFields } from '../../frame/answer.ts'
import { bucketNames } from '../../frame/buckets.ts'
import { Figure } from '../../frame/figure.ts'
import { scopeFields, zoneField } from '../../frame/scope.ts'
import { textsField } from '../texts.ts'

const groupings = ['none', 'platform', 'source', 'tag', 'category', 'topic'] as const
const orders = ['positive', 'negative', 'size'] as const

export const SentimentQuery = z.strictObject({
  ...scopeFields,
  ...zoneField,
  ...textsField,
  bucket: z
    .enum([...bucketNames, 'none'])
    .default('day')
    .describe('Calendar days and weeks (from Monday) of the zone'),
  by: z.enum(groupings).default('none'),
  topic: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .optional()
    .describe('With by=topic: words of title or body, all of them; "a phrase", or, -without'),
  order: z
    .enum(orders)
    .default('positive')
    .describe(
      'positive: by the lower end of the mean’s interval, so that a few texts do not lead; negative: by the upper end; size: by texts',
    ),
  k: z.coerce.number().int().min(1).max(50).default(20).describe('Most groups'),
})
export type SentimentQuery = z.infer<typeof SentimentQuery>

const MoodView = z
  .object({
    texts: z.number().int().describe('Texts of the period, scored or not; of a sample: scored'),
    n: z.number().int().describe('Texts with a score'),
    few: z.boolean().describe('Fewer than 30: hardly more than an anecdote'),
    negative: Figure,
    neutral: Figure,
    positive: Figure,
    compound: Figure,
  })
  .meta({ id: 'Mood' })
export type MoodView = z.infer<typeof MoodView>

const estimate = z
  .object({ value: z.number(), low: z.number(), high: z.number() })
  .nullable()
  .describe('With its 95 % interval; null: no text was scored')

const MoodPoint = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    local: z.string().describe('Its beginning on the clocks of the zone'),
    whole: z.boolean().describe('False: the period begins or ends within it'),
    n: z.number().int(),
    few: z.boolean(),
    negative: estimate,
    neutral: estimate,
    positive: estimate,
    compound: estimate,
  })
  .meta({ id: 'MoodPoint' })
export type MoodPoint = z.infer<typeof MoodPoint>

export const SentimentShares = z
  .object({
    ...frameFields,
    zone: z.string(),
    bucket: SentimentQuery.shape.bucket,
    by: SentimentQuery.shape.by,
    total: MoodView,
    series: z.array(MoodPoint).describe('Empty with bucket=none'),
    groups: z
      .array(
        z.object({
          key: z.string().describe('Platform, tag, category, topic, or id of the source'),
          name: z.string().nullable().describe('Of a source: its title or handle'),
          mood: MoodView,
          series: z.array(MoodPoint),
        }),
      )
      .describe('The k largest, in the order that was asked for'),
    groupCount: z
      .number()
      .int()
      .describe(
        'How many groups there are, before k; of a sample those that it holds, so that rare ones may be missing',
      ),
    sample: z
      .object({
        texts: z.number().int().describe('How many scored texts were read'),
        of: z.number().int(),
        share: z.number().describe('The chance that each text had to be read'),
      })
      .nullable()
      .describe(
        'by=source, tag, category, topic: of very many texts a fair sample is read; what groups tell is the sample’s. Null: every text was read',
      ),
  })
  .meta({ id: 'SentimentShares' })
