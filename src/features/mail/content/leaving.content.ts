import type { ContentOf } from './mail-content.ts'
import { instantInWords, safeText } from './safe-text.ts'

export const accountDisabled: ContentOf<'account_disabled'> = ({ name, reason }) => ({
  subject: 'Your Earshot account was disabled',
  name,
  before: [
    'Whoever runs this Earshot has disabled your account. All your sessions were ended, and what you have collected is kept.',
  ],
  ...(reason && { facts: [['Reason', safeText(reason)]] }),
  after: ['If you think that this is a mistake, write to the people who run this Earshot.'],
})

export const accountDeleted: ContentOf<'account_deleted'> = ({ name, at }) => ({
  subject: 'Your Earshot account was deleted',
  name,
  before: [
    'Your Earshot account is gone, and so is everything that was yours alone: the workspaces, what they had collected, and the credentials that you had stored.',
  ],
  facts: [['When', instantInWords(at)]],
  after: [
    'This is the last mail, and your address is forgotten as soon as it is out.',
    'Credentials that you had made at Twitch, X, YouTube or Reddit still exist there: remove them there too.',
    'If it was not you, tell whoever runs this Earshot: a backup may still hold it.',
  ],
})
