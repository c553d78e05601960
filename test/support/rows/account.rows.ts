import { password } from '../app.ts'
import { anyone, ownAccount, type Row, reads } from '../matrix/row.ts'

const newPassword = 'Quite-another-passphrase-77'
const currentPassword = password
/** Of the right form, and known to nobody. */
const token = 'A'.repeat(43)
let serial = 0
const newAddress = () => `newcomer-${++serial}@example.org`
const secondFactor = '/api/users/me/second-factor'

/** The doors into an account: for whoever knows a password or holds a link. */
const doors: Record<string, Row> = {
  'POST /api/auth/register': anyone({ body: () => ({ email: newAddress(), password }) }),
  'POST /api/auth/resend-verification': anyone({ body: () => ({ email: newAddress() }) }),
  'POST /api/auth/forgot-password': anyone({ body: () => ({ email: newAddress() }) }),
  'POST /api/auth/verify-email': anyone({ body: () => ({ token, password }), says: [400] }),
  'POST /api/auth/reset-password': anyone({
    body: () => ({ token, password: newPassword }),
    says: [400],
  }),
  'POST /api/auth/confirm-email': anyone({ body: () => ({ token }), says: [400] }),
  'POST /api/auth/password-strength': anyone({ body: () => ({ password }) }),
  'POST /api/auth/login': anyone({ body: ({ world }) => ({ email: world.owner.email, password }) }),
  // What is sent is good for nobody: 401 is said of it, not of the caller.
  'POST /api/auth/login/second-factor': anyone({
    body: () => ({ challenge: token, code: '123456' }),
    says: [401],
  }),
  'POST /api/auth/refresh': anyone({ body: () => ({ refreshToken: token }), says: [401] }),
}

/** One's own account. */
export const accountRows: Record<string, Row> = {
  ...doors,
  'POST /api/auth/logout': ownAccount({ endsCaller: true }),
  'POST /api/auth/logout-everywhere': ownAccount({ endsCaller: true, body: () => ({}) }),
  'GET /api/auth/me': reads(),
  'GET /api/auth/sessions': ownAccount(),
  'DELETE /api/auth/sessions/{id}': ownAccount({ object: 'session', fresh: true }),

  'GET /api/users/me': reads(undefined, { where: 'self' }),
  'PATCH /api/users/me': ownAccount({ body: () => ({ displayName: 'Somebody Else' }) }),
  'GET /api/users/me/activity': ownAccount(),
  'PUT /api/users/me/password': ownAccount({
    endsCaller: true,
    body: () => ({ currentPassword, newPassword }),
  }),
  'POST /api/users/me/email': ownAccount({
    endsCaller: true,
    body: () => ({ currentPassword, email: newAddress() }),
  }),

  [`GET ${secondFactor}`]: ownAccount(),
  [`POST ${secondFactor}`]: ownAccount({ endsCaller: true, body: () => ({ currentPassword }) }),
  // Nobody here has one on: 409 is said to whoever may ask.
  [`PUT ${secondFactor}`]: ownAccount({ body: () => ({ code: '123456' }), says: [409] }),
  [`DELETE ${secondFactor}`]: ownAccount({
    body: () => ({ currentPassword, code: '123456' }),
    says: [409],
  }),
  [`POST ${secondFactor}/recovery-codes`]: ownAccount({
    body: () => ({ currentPassword, code: '123456' }),
    says: [409],
  }),

  'GET /api/users/me/archive': ownAccount(),
  'POST /api/users/me/deletion': ownAccount({
    endsCaller: true,
    body: () => ({ currentPassword }),
  }),

  'GET /api/users/me/tokens': ownAccount(),
  'POST /api/users/me/tokens': ownAccount({
    body: () => ({ name: 'Script', scopes: ['read'], expiresInDays: 30, currentPassword }),
  }),
  'DELETE /api/users/me/tokens/{id}': ownAccount({ object: 'apiToken', fresh: true }),
}
