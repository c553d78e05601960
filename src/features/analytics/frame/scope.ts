import { z } from 'zod'
import type { Clock } from '../../../core/clock.ts'
import { Instant } from '../../../core/instant.ts'
import { Id } from '../../../http/id.ts'
import { platformIds } from '../../../platforms/index.ts'
import { periodOf } from '../../coverage/index.ts'
import { Zone } from './zone.ts'

/** What an analytic is asked about: the same words on every one of its routes. */
export const scopeFields = {
  platform: z.enum(platformIds).optional().describe('One platform; all when left out'),
  source: Id.optional().describe('Id of a source; all when left out'),
  from: Instant.optional().describe(
    'Published at or after this time; 30 days before `to` when left out',
  ),
  to: Instant.optional().describe('Published before this time; now when left out or later'),
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .optional()
    .describe('The last so many days, in place of from and to'),
}
export const zoneField = {
  zone: Zone.default('UTC').describe('IANA time zone in which hours, days and weeks begin'),
}

export const ScopeQuery = z.strictObject(scopeFields)
export type ScopeQuery = z.infer<typeof ScopeQuery>

export type Scope = {
  platform?: string | undefined
  source?: string | undefined
  /** ISO 8601, UTC. */
  from: string
  to: string
}

/** Throws invalid_input for a period that is empty or lies in the future. */
export const scopeOf = (
  { platform, source, ...period }: ScopeQuery,
  { clock }: { clock: Clock },
): Scope => ({ platform, source, ...periodOf(period, clock.now()) })
