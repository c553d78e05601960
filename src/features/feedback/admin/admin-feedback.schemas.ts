import { z } from 'zod'
import { Instant } from '../../../core/instant.ts'
import { pageLimit } from '../../../core/paging.ts'
import { Id } from '../../../http/id.ts'
import { FeedbackStatus, FeedbackType, FeedbackView } from '../feedback.schemas.ts'

export const feedbackSorts = ['newest', 'oldest', 'updated', 'least_satisfied'] as const
export type FeedbackSort = (typeof feedbackSorts)[number]

export const AdminFeedbackFilter = z.object({
  type: FeedbackType.optional(),
  status: FeedbackStatus.optional(),
  assignedTo: z
    .union([z.literal('nobody'), Id])
    .optional()
    .describe("An administrator's id, or nobody"),
  from: Instant.optional().describe('Written at this time or later'),
  to: Instant.optional().describe('Written before this time'),
  minRating: z.coerce.number().int().min(1).max(5).optional().describe('Of satisfaction'),
  text: z.string().trim().min(1).max(200).optional().describe('In title or description'),
  sort: z.enum(feedbackSorts).default('newest'),
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional(),
})
export type AdminFeedbackFilter = z.infer<typeof AdminFeedbackFilter>

const Person = z.object({ id: Id, email: z.string() })

export const AdminFeedbackView = FeedbackView.extend({
  writer: Person,
  assignedTo: Person.nullable(),
}).meta({ id: 'AdminFeedback' })
export type AdminFeedbackView = z.infer<typeof AdminFeedbackView>

export const FeedbackNote = z
  .object({
    id: Id,
    author: Person.nullable().describe('Null: their account is gone'),
    body: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'FeedbackNote' })
export type FeedbackNote = z.infer<typeof FeedbackNote>

export const AdminFeedbackDetail = AdminFeedbackView.extend({
  notes: z.array(FeedbackNote).describe('Oldest first; its writer never sees them'),
}).meta({ id: 'AdminFeedbackDetail' })

export const AdminFeedbackPage = z.object({
  items: z.array(AdminFeedbackView),
  nextCursor: z.string().nullable(),
})

export const AdminFeedbackChange = z
  .strictObject({
    status: FeedbackStatus.optional(),
    assignedTo: Id.nullable().optional().describe('An administrator; null: nobody'),
    resolution: z
      .string()
      .trim()
      .min(1)
      .max(10_000)
      .nullable()
      .optional()
      .describe('What became of it. Its writer reads this'),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ id: 'AdminFeedbackChange' })
export type AdminFeedbackChange = z.infer<typeof AdminFeedbackChange>

export const NewFeedbackNote = z.strictObject({ body: z.string().trim().min(1).max(10_000) })
