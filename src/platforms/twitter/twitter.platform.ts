import { z } from 'zod'
import { definePlatform } from '../platform.ts'
import { XClient } from './twitter.client.ts'
import { collect } from './twitter.collect.ts'
import { parseHandle } from './twitter.handle.ts'
import { dollars, estimate, limits } from './twitter.limits.ts'
import { refresh } from './twitter.refresh.ts'
import { resolve } from './twitter.resolve.ts'

const Credentials = z.strictObject({ bearerToken: z.string().trim().min(1).max(1_000) })

export const twitter = definePlatform({
  id: 'twitter',
  name: 'X (Twitter)',
  sourceKind: 'account',
  interval: { min: 30, max: 120, default: 30 },
  credentials: Credentials,
  credentialFields: [{ name: 'bearerToken', label: 'Bearer token (app-only)', secret: true }],
  setup: {
    url: 'https://console.x.com',
    steps: [
      'Open console.x.com with your X account and accept the developer agreement.',
      'Buy credits and set a spending limit: reading is paid by the post since February 2026.',
      'Create a project and an app in it.',
      'Open the app, "Keys and tokens", generate the bearer token and copy it: X shows it once.',
    ],
    note: 'Paid: about $0.005 a post and $0.010 an account look-up. Earshot never reads more than the month’s budget of this profile. Reposts are not collected.',
  },
  handle: { example: '@XDevelopers', parse: parseHandle },
  limits,
  refreshableKinds: ['tweet'],
  // Every look at a post on a new UTC day is paid: four tell its curve, eleven would cost thrice.
  sampleAges: ['1 hour', '6 hours', '1 day', '7 days'],
  estimate,

  open: ({ bearerToken }, tools) => {
    const client = new XClient(bearerToken, tools)
    return {
      // The cheapest call that needs both a valid token and credits: one post, X's first that is
      // still there ($0.005). An account look-up would cost twice as much.
      verify: async () => {
        const query = { ids: '20' }
        await client.posts({ what: 'tweets', path: 'tweets', bucket: 'tweets', query, most: 1 })
        const left = (await tools.budget.remaining(dollars)) / 1_000_000
        const rest = `$${left.toFixed(2)} of this month's budget are left`
        return { detail: `X accepts this bearer token; ${rest}` }
      },
      resolve: (handles) => resolve(client, handles),
      collect: (targets) => collect(client, tools, targets),
      refresh: (targets) => refresh(client, targets),
    }
  },
})
