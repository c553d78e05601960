/** What each mail needs to be written. Nothing here opens a door: links are made when it is sent. */
export type MailData = {
  verify_email: { name: string | null }
  already_registered: { name: string | null }
  reset_password: { name: string | null }
  password_changed: { name: string | null; at: string; ip: string | null }
  /** To the new address. */
  change_email: { name: string | null; newEmail: string }
  /** To the old address. */
  email_changed: { name: string | null; newEmail: string; at: string }
  session_reused: { name: string | null; at: string; device: string | null; ip: string | null }
  second_factor_changed: { name: string | null; enabled: boolean; at: string }
  recovery_code_used: { name: string | null; at: string; left: number }
  locked_out: { name: string | null; at: string; ip: string | null }
  /** To the administrators. */
  security_alert: { name: string | null; at: string; patterns: string[]; more: number }
  account_disabled: { name: string | null; reason: string | null }
  account_deleted: { name: string | null; at: string }
  invitation: {
    invitationId: string
    workspaceName: string
    inviter: string | null
    role: 'owner' | 'editor' | 'viewer'
  }
}
export type MailTemplate = keyof MailData

const linkTemplates = ['verify_email', 'reset_password', 'change_email', 'invitation'] as const
/** Those whose link is made by whoever knows what it opens. */
export type LinkTemplate = (typeof linkTemplates)[number]

export const isLinkTemplate = (template: MailTemplate): template is LinkTemplate =>
  (linkTemplates as readonly MailTemplate[]).includes(template)
