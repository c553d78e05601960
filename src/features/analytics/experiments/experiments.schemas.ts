import { z } from 'zod'
import { Instant } from '../../../core/instant.ts'
import { pageLimit } from '../../../core/paging.ts'
import { Id } from '../../../http/id.ts'
import { CoverageSummary } from '../../coverage/index.ts'
import { DefinitionView } from '../frame/definitions.ts'
import { Figure } from '../frame/figure.ts'
import { Treatment } from './treatment.ts'

export const experimentMetrics = ['engagement', 'views'] as const

const name = z.string().trim().min(1).max(200)
const hypothesis = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .describe('What you expect, said before you know')

export const NewExperiment = z
  .strictObject({
    name,
    hypothesis,
    treatment: Treatment,
    metric: z.enum(experimentMetrics).default('engagement').describe('24 hours after publication'),
    baselineFrom: Instant.optional().describe('28 days before startsAt when left out'),
    startsAt: Instant.optional().describe('Now when left out'),
    endsAt: Instant.describe('The horizon: what is read before it is provisional'),
    expectedLift: z.number().gt(-1).max(100).optional().describe('0.3 is thirty percent more'),
  })
  .meta({ id: 'NewExperiment' })
export type NewExperiment = z.infer<typeof NewExperiment>

export const ChangeExperiment = z
  .strictObject({
    name: name.optional(),
    stop: z.literal(true).optional().describe('Ends it now, before its horizon; for good'),
  })
  .refine((change) => Object.keys(change).length > 0, 'says nothing to change')
  .meta({ id: 'ChangeExperiment' })
export type ChangeExperiment = z.infer<typeof ChangeExperiment>

export const ExperimentView = z
  .object({
    id: Id,
    name: z.string(),
    hypothesis: z.string(),
    treatment: Treatment,
    metric: z.enum(experimentMetrics),
    ageHours: z.number().int(),
    expectedLift: z.number().nullable(),
    baselineFrom: z.iso.datetime(),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    stoppedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    createdBy: Id.nullable(),
    state: z.enum(['planned', 'running', 'ended', 'stopped']),
    statedLate: z.boolean().describe('True: written down after its start, when results were there'),
  })
  .meta({ id: 'Experiment' })
export type ExperimentView = z.infer<typeof ExperimentView>

export const ExperimentFilter = z.strictObject({
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
})

export const ExperimentPage = z.object({
  items: z.array(ExperimentView),
  nextCursor: z.string().nullable(),
})

const Side = z.object({
  posts: z.number().int().describe('With a known metric 24 hours after publication'),
  units: z.number().int().describe('Sources, or authors'),
})

export const Measurement = z
  .object({
    method: z
      .enum(['within_sources', 'difference_in_differences'])
      .describe(
        'within_sources: treated posts against the others of the same source and thirty days. ' +
          'difference_in_differences: how much treated authors changed against how much others did',
      ),
    effect: Figure.describe('Measured lift, with its 95 % interval'),
    pValue: z.number().nullable(),
    witnesses: z
      .enum(['posts', 'sources', 'authors'])
      .nullable()
      .describe('What the interval counts as independent of each other'),
    before: Figure.nullable().describe(
      'The same measure over the baseline, where that makes sense',
    ),
    treated: Side,
    control: Side,
    from: z.iso.datetime(),
    to: z.iso.datetime().describe('Up to where posts are old enough to be compared'),
    sampledShare: z
      .number()
      .describe('Share of the time that was looked at: less than 1 of very many posts'),
  })
  .meta({ id: 'Measurement' })
export type Measurement = z.infer<typeof Measurement>

export const MeasuredExperiment = ExperimentView.extend({
  provisional: z.boolean().describe('True: its horizon is not reached, and this may still turn'),
  verdict: z.enum([
    'not_started',
    'too_early',
    'too_few',
    'no_variation',
    'no_reliable_difference',
    'better',
    'worse',
  ]),
  expectation: z
    .enum(['met', 'missed', 'open'])
    .nullable()
    .describe('Of expectedLift: met, where the whole interval is at or above it; missed, below'),
  summary: z.string(),
  measurement: Measurement.nullable(),
  coverage: CoverageSummary.nullable(),
  definitions: z.array(DefinitionView),
}).meta({ id: 'MeasuredExperiment' })
