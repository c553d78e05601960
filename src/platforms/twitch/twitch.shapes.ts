import { z } from 'zod'
import { type AnswerShape, keyText, keyTextOrNone } from '../answer-shape.ts'

/** Twitch sends '' where it has no value, in dates too; so dates are read in the mapping. */
const text = z.string().nullish()
const count = z.number().int().nonnegative().nullish()
const texts = z.array(z.string()).nullish()
/** twurple reads `pagination.cursor` unasked. */
const pagination = z.looseObject({ cursor: text }).default({})
const list = <Item extends z.ZodType>(item: Item) =>
  z.looseObject({ data: z.array(item), pagination })

export const Token = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number(),
  token_type: text,
})
export const Validation = z.looseObject({ client_id: z.string(), expires_in: z.number().nullish() })

const User = z.looseObject({
  id: keyText,
  login: keyText,
  display_name: text,
  description: text,
  broadcaster_type: text,
  profile_image_url: text,
  created_at: text,
})

const Stream = z.looseObject({
  id: keyText,
  user_id: keyText,
  user_login: keyTextOrNone,
  user_name: keyTextOrNone,
  game_id: text,
  game_name: text,
  title: text,
  tags: texts,
  viewer_count: count,
  started_at: text,
  language: text,
  thumbnail_url: text,
  is_mature: z.boolean().nullish(),
})

const Channel = z.looseObject({
  broadcaster_id: keyText,
  broadcaster_login: text,
  broadcaster_name: text,
  broadcaster_language: text,
  game_id: text,
  game_name: text,
  title: text,
  tags: texts,
})

const Video = z.looseObject({
  id: keyText,
  stream_id: text,
  created_at: text,
  /** twurple throws at any other form. */
  duration: z.string().regex(/^(\d+[hms])+$/),
})

const Segment = z.looseObject({
  id: keyText,
  start_time: text,
  end_time: text,
  title: text,
  canceled_until: text,
  category: z.looseObject({ id: z.string(), name: text }).nullish(),
  is_recurring: z.boolean().nullish(),
})

export type Stream = z.infer<typeof Stream>

/** By the path that the SDK asks for. */
export const helixAnswers: { [path: string]: z.ZodType } = {
  users: list(User),
  streams: list(Stream),
  channels: list(Channel),
  videos: list(Video),
  'channels/followers': z.looseObject({ total: count }),
  schedule: z.looseObject({
    data: z.looseObject({
      segments: z.array(Segment).nullish(),
      vacation: z.looseObject({ start_time: text, end_time: text }).nullish(),
    }),
    pagination,
  }),
}

export const shapes: AnswerShape[] = [
  { name: 'twitch token', path: /^\/oauth2\/token$/, schema: Token },
  { name: 'twitch validation', path: /^\/oauth2\/validate$/, schema: Validation },
  ...Object.entries(helixAnswers).map(([path, schema]) => ({
    name: `twitch ${path}`,
    path: new RegExp(`^/helix/${path}$`),
    schema,
  })),
]
