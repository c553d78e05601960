export { authenticate } from './access/authenticate.ts'
export { disableAccount, enableAccount, setRole } from './account-state.service.ts'
export { accountRoutes } from './accounts.routes.ts'
export type { AccountToken } from './links/account-tokens.repository.ts'
export {
  type LinkMail,
  mintChangeEmailToken,
  mintResetToken,
  mintVerifyEmailToken,
} from './links/mint-links.service.ts'
export { openAccount } from './open-account.service.ts'
export { answerRequestsTask } from './requests/account-requests.tasks.ts'
export { answerAccountRequests } from './requests/answer-requests.service.ts'
