import { z } from 'zod'
import { frameFields } from '../../frame/answer.ts'
import { Figure } from '../../frame/figure.ts'
import { scopeFields, zoneField } from '../../frame/scope.ts'
import { MoodName, textsField } from '../texts.ts'

export const AgreementQuery = z.strictObject({ ...scopeFields, ...zoneField, ...textsField })
export type AgreementQuery = z.infer<typeof AgreementQuery>

const counts = z.object({
  negative: z.number().int(),
  neutral: z.number().int(),
  positive: z.number().int(),
})

const AgreementView = z
  .object({
    n: z.number().int().describe('Labels whose text the model has read too'),
    accuracy: Figure,
    macroRecall: Figure,
    kappa: Figure,
    confusion: z
      .array(z.object({ label: MoodName, model: counts }))
      .describe('A row for each label by people, with the model’s classes of those texts'),
  })
  .meta({ id: 'LabelAgreement' })
export type AgreementView = z.infer<typeof AgreementView>

export const Agreement = z
  .object({
    ...frameFields,
    zone: z.string(),
    total: AgreementView,
    models: z.array(AgreementView.extend({ model: z.string() })).describe('Most labels first'),
    months: z
      .array(AgreementView.extend({ month: z.string().meta({ example: '2026-11' }) }))
      .describe('By the month of labelling in the zone'),
    drift: z
      .object({
        before: z.object({
          from: z.iso.datetime(),
          to: z.iso.datetime(),
          n: z.number().int(),
          classes: counts,
          models: z.array(z.string()),
        }),
        now: z.object({
          from: z.iso.datetime(),
          to: z.iso.datetime(),
          n: z.number().int(),
          classes: counts,
          models: z.array(z.string()),
        }),
        stabilityIndex: Figure,
        p: Figure,
        modelChanged: z
          .boolean()
          .describe('Other models scored the two periods: what differs may be theirs'),
      })
      .describe(
        'The classes that the model gave in the period against those in the one before, of equal length; labels by people are taken out. Models as seen in a fair sample',
      ),
  })
  .meta({ id: 'SentimentAgreement' })
