import type { Actor } from '../core/actor.ts'
import { AppError, type ErrorCode } from '../core/errors.ts'

/** Whose token was good, as far as it counts and is written down. */
export type KnownPerson = Pick<Actor, 'userId' | 'apiToken'> & {
  /** Whose log tells of it. null: of no workspace that they are a member of. */
  workspaceId: string | null
  memberRole: Actor['memberRole'] | null
}

/** Refused at the door by name: it draws on that person's budget and is written down as denied. */
export class KnownRefusal extends AppError {
  readonly person: KnownPerson
  constructor(code: ErrorCode, message: string, person: KnownPerson) {
    super(code, message)
    this.person = person
  }
}
