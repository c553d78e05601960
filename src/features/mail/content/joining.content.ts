import type { ContentOf } from './mail-content.ts'
import { safeAddress, safeText } from './safe-text.ts'

export const verifyEmail: ContentOf<'verify_email'> = ({ name }) => ({
  subject: 'Confirm your address for Earshot',
  name,
  before: [
    'Somebody, most likely you, opened an account at Earshot with this address.',
    'Confirm that the address is yours, with the password that you chose, and you can sign in.',
  ],
  action: 'Confirm this address',
  after: ['If it was not you, do nothing. Without this step nobody can use the account.'],
})

export const alreadyRegistered: ContentOf<'already_registered'> = ({ name }, { resetUrl }) => ({
  subject: 'You already have an Earshot account',
  name,
  before: [
    'Somebody, most likely you, tried to open an account at Earshot with this address. There is one already, so nothing was changed: sign in as usual.',
    `If you have forgotten the password, you can ask for a new one: ${resetUrl}`,
  ],
  after: [
    'If it was not you, there is nothing to do. Whoever tried was not told that you have an account.',
  ],
})

export const changeEmail: ContentOf<'change_email'> = ({ name, newEmail }) => ({
  subject: 'Confirm your new address for Earshot',
  name,
  before: [
    `You asked to use ${safeAddress(newEmail)} for your Earshot account from now on.`,
    'The change happens when you confirm it. Until then you sign in with the old address.',
  ],
  action: 'Use this address',
  after: ['If you did not ask for this, do nothing, and nothing changes.'],
})

const roles = {
  owner: 'an owner: you could change everything in it, members included',
  editor: 'an editor: you could add and change sources, jobs and credentials',
  viewer: 'a viewer: you could read and export what is collected',
}

export const invitation: ContentOf<'invitation'> = ({ workspaceName, inviter, role }) => ({
  subject: `Invitation to the workspace “${safeText(workspaceName)}”`,
  name: null,
  before: [
    `${inviter ? safeText(inviter) : 'Somebody'} asks you to join the workspace “${safeText(workspaceName)}” at Earshot, which collects and reads public posts.`,
    `You would be ${roles[role]}.`,
  ],
  action: 'See the invitation',
  after: ['If you know nothing of this, do nothing. Nobody joins a workspace without saying yes.'],
})
