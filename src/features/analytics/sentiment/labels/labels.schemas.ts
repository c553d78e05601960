import { z } from 'zod'
import { pageLimit } from '../../../../core/paging.ts'
import { Id } from '../../../../http/id.ts'
import { Excerpt } from '../extremes/extremes.schemas.ts'
import { MoodName } from '../texts.ts'

export const LabelBody = z.strictObject({ label: MoodName })

export const LabelsQuery = z.strictObject({
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
})
export type LabelsQuery = z.infer<typeof LabelsQuery>

export const LabelView = z
  .object({
    postId: Id,
    label: MoodName,
    labelledBy: Id.nullable().describe('Null: their account is gone'),
    labelledAt: z.iso.datetime(),
    model: z
      .object({
        name: z.string(),
        label: MoodName,
        compound: z.number(),
        agrees: z.boolean(),
      })
      .nullable()
      .describe('What the model says of the labelled text; null: it has not read it (yet)'),
    stale: z
      .boolean()
      .describe('The text was changed since: the label still holds, and wants a second look'),
  })
  .meta({ id: 'SentimentLabel' })
export type LabelView = z.infer<typeof LabelView>

export const LabelPage = z
  .object({
    items: z.array(LabelView.extend({ post: Excerpt })).describe('Newest first'),
    nextCursor: z.string().nullable().describe('Null: this was the last page'),
  })
  .meta({ id: 'SentimentLabelPage' })
