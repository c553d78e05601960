import { z } from 'zod'
import { definePlatform } from '../platform.ts'
import { categoriesOf, idsPerCall } from './youtube.calls.ts'
import { stats, units, YoutubeClient } from './youtube.client.ts'
import { collect } from './youtube.collect.ts'
import { comments } from './youtube.comments.ts'
import { parseHandle } from './youtube.handle.ts'
import { quotaZone } from './youtube.quota-day.ts'
import { refresh } from './youtube.refresh.ts'
import { resolve } from './youtube.resolve.ts'

const Credentials = z.strictObject({ apiKey: z.string().trim().min(1).max(200) })
const day = { kind: 'day', timeZone: quotaZone } as const

/** Of ten channels about one a run has a new video or is swept. */
const channelsPerListing = 10

/** One page holds the comments of most videos; large ones take up to ten. */
const unitsAThread = 2

export const youtube = definePlatform({
  id: 'youtube',
  name: 'YouTube',
  sourceKind: 'channel',
  interval: { min: 60, max: 120, default: 60 },
  credentials: Credentials,
  credentialFields: [{ name: 'apiKey', label: 'API key', secret: true }],
  setup: {
    url: 'https://console.cloud.google.com/apis/library/youtube.googleapis.com',
    steps: [
      'Open console.cloud.google.com and create a project, or choose one.',
      'In "APIs & Services", "Library", find "YouTube Data API v3" and press "Enable".',
      'In "APIs & Services", "Credentials", press "Create credentials", "API key", and copy it.',
      'Open the key, choose "Restrict key" and allow it the YouTube Data API v3 alone.',
    ],
    note: 'Free: 10,000 units a day for each project, and 10,000 calls a day for the numbers of known videos. Both refill at midnight Pacific time.',
  },
  handle: { example: '@YouTube', parse: parseHandle },
  // search.list has a third bucket, of 100 calls a day: nothing here searches.
  limits: [
    { bucket: units, unit: 'units', amount: 10_000, window: day, label: 'Quota units a day' },
    {
      bucket: stats,
      unit: 'requests',
      amount: 10_000,
      window: day,
      label: 'Statistics calls a day',
    },
  ],
  refreshableKinds: ['video'],
  commentedKinds: ['video'],
  estimate: (sources, refreshedPosts, threads = 0) => {
    const listings = Math.ceil(sources / channelsPerListing)
    const descriptions = Math.ceil(listings / idsPerCall)
    const channels = Math.ceil(sources / idsPerCall)
    return [
      { bucket: units, amount: channels + listings + descriptions + threads * unitsAThread },
      { bucket: stats, amount: Math.ceil(refreshedPosts / idsPerCall) },
    ]
  },

  open: ({ apiKey }, tools) => {
    const client = new YoutubeClient(apiKey, tools)
    return {
      verify: async () => {
        await categoriesOf(client)
        return { detail: 'YouTube accepts this key, and its project has the Data API v3 enabled' }
      },
      resolve: (handles) => resolve(client, handles),
      collect: (targets) => collect(client, tools, targets),
      refresh: (targets) => refresh(client, targets),
      comments: (targets) => comments(client, targets),
    }
  },
})
