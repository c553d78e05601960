import type { MailContent } from './mail-content.ts'

/** What both forms of a mail are made of. */
export type RenderInput = {
  content: MailContent
  link: { url: string } | null
  /** How long the link is good, in a sentence. */
  validity: string | null
  footer: string[]
}
