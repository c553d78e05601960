import { z } from 'zod'
import { pageLimit } from '../../core/paging.ts'
import { Id } from '../../http/id.ts'

export const FeedbackType = z.enum(['bug', 'feature_request', 'improvement', 'question', 'other'])
export const feedbackStatuses = [
  'new',
  'reviewing',
  'planned',
  'in_progress',
  'completed',
  'wont_fix',
] as const
export const FeedbackStatus = z.enum(feedbackStatuses)

/** An address of the web, without a name and password in it. */
const WebAddress = z
  .string()
  .trim()
  .max(2_000)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null
    return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password
  }, 'must be an address that starts with http:// or https://, without a password in it')

const Title = z
  .string()
  .trim()
  .min(3)
  .max(200)
  .regex(/^\P{Cc}*$/u, 'must be one line')
const Description = z.string().trim().min(1).max(10_000)
const Stars = z.number().int().min(1).max(5)
const Feature = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'must be one line')

export const NewFeedback = z
  .strictObject({
    type: FeedbackType,
    title: Title,
    description: Description,
    pageUrl: WebAddress.optional().describe('The page that it is about'),
    browserInfo: z.string().trim().min(1).max(500).optional().describe('Else the User-Agent'),
    satisfaction: Stars.optional(),
    feature: Feature.optional().describe('What featureRating is about: exports, analytics ...'),
    featureRating: Stars.optional(),
    screenshotUrl: WebAddress.optional().describe('A picture that a worker fetches'),
  })
  .refine(({ feature, featureRating }) => feature !== undefined || featureRating === undefined, {
    path: ['feature'],
    error: 'must say what featureRating is about',
  })
  .meta({ id: 'NewFeedback' })
export type NewFeedback = z.infer<typeof NewFeedback>

export const FeedbackChange = z
  .strictObject({
    title: Title.optional(),
    description: Description.optional(),
    satisfaction: Stars.nullable().optional(),
    feature: Feature.nullable().optional(),
    featureRating: Stars.nullable().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ id: 'FeedbackChange' })
export type FeedbackChange = z.infer<typeof FeedbackChange>

export const ScreenshotView = z
  .object({
    state: z.enum(['waiting', 'ready', 'refused']),
    reason: z.string().nullable().describe('Why it was refused'),
    mediaType: z.string().nullable(),
    width: z.number().int().nullable(),
    height: z.number().int().nullable(),
  })
  .meta({ id: 'Screenshot' })

export const FeedbackView = z
  .object({
    id: Id,
    type: FeedbackType,
    status: FeedbackStatus,
    title: z.string(),
    description: z.string(),
    pageUrl: z.string().nullable(),
    browserInfo: z.string().nullable(),
    satisfaction: z.number().int().nullable(),
    feature: z.string().nullable(),
    featureRating: z.number().int().nullable(),
    resolution: z.string().nullable().describe('What became of it, in words'),
    resolvedAt: z.iso.datetime().nullable(),
    screenshot: ScreenshotView.nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Feedback' })
export type FeedbackView = z.infer<typeof FeedbackView>

export const FeedbackFilter = z.object({
  type: FeedbackType.optional(),
  status: FeedbackStatus.optional(),
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional(),
})
export type FeedbackFilter = z.infer<typeof FeedbackFilter>

export const FeedbackPage = z.object({
  items: z.array(FeedbackView),
  nextCursor: z.string().nullable(),
})
