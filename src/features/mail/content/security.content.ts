import type { ContentOf } from './mail-content.ts'
import { instantInWords, safeAddress, safeText } from './safe-text.ts'

type Occasion = { at: string; ip?: string | null; device?: string | null }

const factsOf = ({ at, ip, device }: Occasion): [string, string][] => [
  ['When', instantInWords(at)],
  ...(device ? ([['Device', safeText(device)]] as [string, string][]) : []),
  ...(ip ? ([['From address', safeAddress(ip)]] as [string, string][]) : []),
]

export const resetPassword: ContentOf<'reset_password'> = ({ name }) => ({
  subject: 'Choose a new password for Earshot',
  name,
  before: ['Somebody, most likely you, asked for a new password for your Earshot account.'],
  action: 'Choose a new password',
  after: [
    'A new password ends all sessions. If you use a second factor, you will be asked for it.',
    'If it was not you, do nothing. Your password stays as it is, and nobody has seen it.',
  ],
})

export const passwordChanged: ContentOf<'password_changed'> = (data, { resetUrl }) => ({
  subject: 'Your Earshot password was changed',
  name: data.name,
  before: ['The password of your Earshot account was changed, and all other sessions were ended.'],
  facts: factsOf(data),
  after: [
    'If it was you, all is well.',
    `If it was not you, take your account back now by choosing another password: ${resetUrl}`,
  ],
})

export const emailChanged: ContentOf<'email_changed'> = ({ name, newEmail, at }) => ({
  subject: 'The address of your Earshot account was changed',
  name,
  before: [
    `Your Earshot account now uses ${safeAddress(newEmail)}. This is the last mail to the old address.`,
  ],
  facts: factsOf({ at }),
  after: [
    'If it was you, all is well.',
    'If it was not you, tell whoever runs this Earshot at once: they can give you the account back.',
  ],
})

export const sessionReused: ContentOf<'session_reused'> = (data, { resetUrl }) => ({
  subject: 'One of your Earshot sessions was ended',
  name: data.name,
  before: [
    'A key of one of your sessions was used a second time. That can mean that somebody has copied it, so we ended the session. Whoever used it is signed out.',
  ],
  facts: factsOf(data),
  after: [
    'Sign in again where you were signed out. If you had just restored a backup or copied a browser profile, that was the reason.',
    `If you cannot explain it, choose a new password: ${resetUrl}`,
  ],
})

export const secondFactorChanged: ContentOf<'second_factor_changed'> = (
  { name, enabled, at },
  { resetUrl },
) => ({
  subject: enabled
    ? 'Your Earshot account now asks for a second factor'
    : 'Your Earshot account no longer asks for a second factor',
  name,
  before: [
    enabled
      ? 'From now on signing in takes your password and a code from your authenticator app. Keep the recovery codes where you can find them without that app.'
      : 'From now on your password alone is enough to sign in.',
  ],
  facts: factsOf({ at }),
  after: [
    'If it was you, all is well.',
    `If it was not you, choose a new password, and then look at your second factor: ${resetUrl}`,
  ],
})

const codesLeft = (left: number) => {
  if (left === 0) return 'It was the last one: make new ones before you need one.'
  return left === 1 ? 'One is left: make new ones soon.' : `${left} are left.`
}

export const recoveryCodeUsed: ContentOf<'recovery_code_used'> = (
  { name, at, left },
  { resetUrl },
) => ({
  subject: 'A recovery code of your Earshot account was used',
  name,
  before: [`Somebody signed in with your password and a recovery code. ${codesLeft(left)}`],
  facts: factsOf({ at }),
  after: [
    'If it was you, all is well.',
    `If it was not you, choose a new password now, and then make new recovery codes: ${resetUrl}`,
  ],
})

export const lockedOut: ContentOf<'locked_out'> = (data, { resetUrl }) => ({
  subject: 'Many wrong passwords for your Earshot account',
  name: data.name,
  before: [
    'Somebody tried many wrong passwords for your account. We let no more tries in from there for a while. You can go on signing in from elsewhere.',
  ],
  facts: factsOf(data),
  after: [
    `If it was you, wait a little, or choose a new password: ${resetUrl}`,
    'If it was not you, nobody got in. A long password that you use nowhere else, and a second factor, keep it so.',
  ],
})
