export { authenticate } from './access/authenticate.ts'
export { purgeAccess, purgeAccessTask } from './access/purge-access.service.ts'
export { disableAccount, enableAccount, setRole } from './account-state.service.ts'
export { findAccountId, type ListedAccount, listAccounts } from './accounts.queries.ts'
export { accountRoutes } from './accounts.routes.ts'
export { ownText, SecondFactorCode, TypedPassword } from './accounts.schemas.ts'
export { getUser } from './accounts.service.ts'
export type { AccountToken } from './links/account-tokens.repository.ts'
export {
  type LinkMail,
  mintChangeEmailToken,
  mintResetToken,
  mintVerifyEmailToken,
} from './links/mint-links.service.ts'
export { openAccount } from './open-account.service.ts'
export { confirmIdentity } from './own/confirm-identity.service.ts'
export { reasonsAgainst } from './passwords/password-rules.ts'
export { answerRequestsTask } from './requests/account-requests.tasks.ts'
export { answerAccountRequests } from './requests/answer-requests.service.ts'
