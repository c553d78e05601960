import type { ContentOf } from './mail-content.ts'
import { instantInWords } from './safe-text.ts'

export const securityAlert: ContentOf<'security_alert'> = ({ name, at, patterns, more }) => ({
  subject: 'Something suspicious happened in Earshot',
  name,
  before: [
    'You are an administrator of this Earshot, and its audit log holds something that you should look at:',
    ...patterns,
    ...(more > 0 ? [`And ${more} more.`] : []),
  ],
  facts: [['Noticed', instantInWords(at)]],
  after: [
    'Who and from where is told by the audit log: GET /api/admin/audit?action=suspicious, or `npm run earshot -- audit show --action suspicious` on the machine itself.',
    'The same pattern is told at most once an hour.',
  ],
})
