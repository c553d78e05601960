import type { MailData, MailTemplate } from '../mail-templates.ts'

type Fact = [label: string, value: string]

/** A mail before it has a form: plain texts in their order. */
export type MailContent = {
  subject: string
  name: string | null
  before: string[]
  /** When, where, by what. */
  facts?: Fact[]
  /** What the one button says. */
  action?: string
  after: string[]
}

/** What the texts may name besides the mail's own data. */
export type Surroundings = {
  /** Where a forgotten password is replaced. */
  resetUrl: string
}

export type ContentOf<Template extends MailTemplate> = (
  data: MailData[Template],
  surroundings: Surroundings,
) => MailContent
