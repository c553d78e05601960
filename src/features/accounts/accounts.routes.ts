import { apiTokenRoutes } from './api-tokens/api-tokens.routes.ts'
import { linkRoutes } from './links/links.routes.ts'
import { ownRoutes } from './own/own.routes.ts'
import { passwordRoutes } from './passwords/passwords.routes.ts'
import { requestRoutes } from './requests/requests.routes.ts'
import { secondFactorRoutes } from './second-factor/second-factor.routes.ts'
import { sessionRoutes } from './sessions/sessions.routes.ts'
import { signInRoutes } from './sign-in/sign-in.routes.ts'

export const accountRoutes = [
  ...requestRoutes,
  ...linkRoutes,
  ...passwordRoutes,
  ...signInRoutes,
  ...sessionRoutes,
  ...secondFactorRoutes,
  ...apiTokenRoutes,
  ...ownRoutes,
]
