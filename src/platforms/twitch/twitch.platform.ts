import { z } from 'zod'
import { definePlatform } from '../platform.ts'
import { HelixClient, points } from './twitch.client.ts'
import { collect } from './twitch.collect.ts'
import { parseHandle } from './twitch.handle.ts'
import { resolve } from './twitch.resolve.ts'

const Credentials = z.strictObject({
  clientId: z.string().trim().min(1).max(200),
  clientSecret: z.string().trim().min(1).max(200),
})

export const twitch = definePlatform({
  id: 'twitch',
  name: 'Twitch',
  sourceKind: 'channel',
  interval: { min: 15, max: 120, default: 15 },
  credentials: Credentials,
  credentialFields: [
    { name: 'clientId', label: 'Client ID', secret: false },
    { name: 'clientSecret', label: 'Client secret', secret: true },
  ],
  setup: {
    url: 'https://dev.twitch.tv/console/apps',
    steps: [
      'Switch on two-factor authentication in your Twitch account: the console asks for it.',
      'Open dev.twitch.tv/console, "Applications", and press "Register Your Application".',
      'Give it any name that is free, the OAuth redirect URL http://localhost, the category "Analytics Tool" and the client type "Confidential".',
      'Open the application with "Manage" and copy the Client ID.',
      'Press "New Secret" and copy the client secret: Twitch shows it once.',
    ],
    note: 'Free. One application may spend 800 points a minute; 100 channels cost 2.',
  },
  handle: { example: '@twitchdev', parse: parseHandle },
  limits: [
    {
      bucket: points,
      unit: 'points',
      amount: 800,
      window: { kind: 'rolling', seconds: 60 },
      label: 'API points a minute',
    },
  ],
  // Streams are sampled by `collect`: Twitch answers for channels, not for ids of streams.
  refreshableKinds: [],
  estimate: (sources) => [{ bucket: points, amount: 2 * Math.ceil(sources / 100) }],

  open: (credentials, tools) => {
    const helix = new HelixClient(credentials, tools)
    return {
      verify: async () => {
        const days = await helix.appToken.prove()
        const lasts = days === null ? '' : `; its token lasts ${days} days and is renewed by itself`
        return { detail: `Twitch accepts this client id and secret${lasts}` }
      },
      resolve: (handles) => resolve(helix, handles),
      collect: (targets) => collect(helix, tools, targets),
      async *refresh() {},
    }
  },
})
