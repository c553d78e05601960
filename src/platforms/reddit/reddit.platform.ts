import { z } from 'zod'
import { definePlatform } from '../platform.ts'
import { RedditClient } from './reddit.client.ts'
import { collect } from './reddit.collect.ts'
import { comments } from './reddit.comments.ts'
import type { RedditGateway } from './reddit.gateway.ts'
import { parseHandle } from './reddit.handle.ts'
import { estimate, limits } from './reddit.limits.ts'
import { refresh } from './reddit.refresh.ts'
import { resolve } from './reddit.resolve.ts'

const Credentials = z.strictObject({
  clientId: z.string().trim().min(1).max(200),
  clientSecret: z.string().trim().min(1).max(200),
  userAgent: z
    .string()
    .trim()
    .min(5)
    .max(200)
    .regex(/^[\x20-\x7e]+$/, 'may hold plain characters only'),
})

export const reddit = definePlatform({
  id: 'reddit',
  name: 'Reddit',
  sourceKind: 'subreddit',
  interval: { min: 30, max: 120, default: 30 },
  credentials: Credentials,
  credentialFields: [
    { name: 'clientId', label: 'Client ID', secret: false },
    { name: 'clientSecret', label: 'Client secret', secret: true },
    { name: 'userAgent', label: 'User agent', secret: false },
  ],
  setup: {
    url: 'https://www.reddit.com/prefs/apps',
    steps: [
      'Ask Reddit for access to its Data API (support.reddithelp.com, "Responsible Builder Policy"): since November 2025 nobody can create an app without it.',
      'With the approval, open reddit.com/prefs/apps and press "create another app...".',
      'Choose the type "script", any name, and http://localhost:8000 as redirect URI.',
      'Copy the client ID (the line under the name) and the secret.',
      'Choose a user agent of your own, such as "web:your-app:1.0 (by /u/your-name)": Reddit slows down those it does not know.',
    ],
    note: 'Free for small use after approval: 60 to 100 requests a minute. 100 quiet communities cost 1 to 4.',
  },
  handle: { example: 'r/typescript', parse: parseHandle },
  limits,
  refreshableKinds: ['reddit_post'],
  commentedKinds: ['reddit_post'],
  estimate,

  open: (credentials, tools) => {
    // snoowrap costs 40 MB and a fifth of a second: only who talks to Reddit loads it.
    let opening: Promise<RedditGateway> | null = null
    const gateway = () => {
      opening ??= import('./snoowrap.gateway.ts').then(({ openSnoowrap }) =>
        openSnoowrap(credentials.userAgent, tools),
      )
      return opening
    }
    const client = new RedditClient(credentials, tools, gateway)
    return {
      // The token call alone shows whether id, secret and user agent are accepted.
      verify: async () => {
        await client.appToken.renew()
        return { detail: 'Reddit accepts this client id, secret and user agent' }
      },
      resolve: (handles) => resolve(client, handles),
      collect: (targets) => collect(client, tools, targets),
      refresh: (targets) => refresh(client, targets),
      comments: (targets) => comments(client, targets),
    }
  },
})
