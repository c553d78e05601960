import { password } from '../app.ts'
import { anyone, ownAccount, type Row, reads } from '../matrix/row.ts'

const address = 'new-person@example.org'

/** One's own account, and the doors into it. */
export const accountRows: Record<string, Row> = {
  'POST /api/auth/register': anyone({ body: () => ({ email: address, password }) }),
  'POST /api/auth/login': anyone({
    body: ({ world }) => ({ email: world.owner.email, password }),
  }),
  'POST /api/auth/refresh': anyone({ body: () => ({ refreshToken: 'nonsense' }), says: [401] }),
  'POST /api/auth/logout': ownAccount({ endsCaller: true }),
  'GET /api/auth/me': reads(),
}
