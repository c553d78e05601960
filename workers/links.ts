import type { Context } from '../src/context.ts'
import {
  mintChangeEmailToken,
  mintResetToken,
  mintVerifyEmailToken,
} from '../src/features/accounts/index.ts'
import type { DueMail, LinkMinters, MintLink } from '../src/features/mail/index.ts'
import { mintInvitationToken } from '../src/features/workspaces/index.ts'

type Minted = { token: string; expiresAt: Date } | null
type Mint = (ctx: Context, mail: DueMail) => Promise<Minted>

/** The token stands behind the '#': a browser keeps that to itself, and no log ever has it. */
const linkTo =
  (page: string, mint: Mint): MintLink =>
  async (ctx, mail) => {
    const minted = await mint(ctx, mail)
    const { publicUrl } = ctx.config.http
    return (
      minted && { url: `${publicUrl}${page}#token=${minted.token}`, expiresAt: minted.expiresAt }
    )
  }

const invitationIdOf = ({ data }: DueMail) =>
  String((data as { invitationId: string }).invitationId)

/** Where the links of mails lead, and who makes their secrets. */
export const linkMinters: LinkMinters = {
  verify_email: linkTo('/account/verify-email', mintVerifyEmailToken),
  reset_password: linkTo('/account/reset-password', mintResetToken),
  change_email: linkTo('/account/confirm-email', mintChangeEmailToken),
  invitation: linkTo('/account/accept-invitation', (ctx, mail) =>
    mintInvitationToken(ctx, invitationIdOf(mail)),
  ),
}
