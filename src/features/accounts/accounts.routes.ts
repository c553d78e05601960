import { route } from '../../http/route.ts'
import { Credentials } from './accounts.schemas.ts'
import { createUser } from './accounts.service.ts'
import { signIn, signInRoutes } from './sign-in/sign-in.routes.ts'
import { SignedIn } from './sign-in/sign-in.schemas.ts'

const tag = 'Accounts'

const register = route({
  method: 'post',
  path: '/api/auth/register',
  tag,
  summary: 'Open an account with a workspace of its own, and sign in',
  access: 'public',
  body: Credentials,
  status: 201,
  response: SignedIn,
  handler: async ({ ctx, body, request }) => signIn(ctx, await createUser(ctx, body), request),
})

export const accountRoutes = [register, ...signInRoutes]
