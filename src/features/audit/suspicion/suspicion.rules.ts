import type { AuditAction } from '../../../audit/actions.ts'

/** What the rules look at of an audit row. */
export type Signal = {
  atMs: number
  action: AuditAction
  actorKind: string
  actorId: string | null
  /** The account it is about: its id, else the address that was typed. */
  account: string | null
  ip: string | null
}

export type Incident = {
  rule: string
  /** In words, for people who read the log and the mail. */
  pattern: string
  userId: string | null
  ip: string | null
  counts: Record<string, number>
}

export type Rule = { name: string; pattern: string; find: (signals: Signal[]) => Found[] }
type Found = { key: string; by: 'user' | 'ip'; counts: Record<string, number> }

/** The rules look at so much of the past at once. */
export const windowMs = 15 * 60_000

const grouped = (signals: Signal[], keyOf: (signal: Signal) => string | null) => {
  const groups = new Map<string, Signal[]>()
  for (const signal of signals) {
    const key = keyOf(signal)
    if (key === null) continue
    groups.set(key, [...(groups.get(key) ?? []), signal])
  }
  return [...groups]
}
const distinct = (values: (string | null)[]) => new Set(values.filter((one) => one !== null)).size
const of = (signals: Signal[], action: AuditAction) =>
  signals.filter((signal) => signal.action === action)

/** Somebody does one thing at least so often. */
const often = (
  action: AuditAction,
  { name, pattern, least }: { name: string; pattern: string; least: number },
): Rule => ({
  name,
  pattern,
  find: (signals) =>
    grouped(
      // What Earshot's own tasks do, they do often.
      of(signals, action).filter(({ actorKind }) => actorKind !== 'task'),
      ({ actorId, account }) => actorId ?? account,
    ).flatMap(([key, rows]) =>
      rows.length < least ? [] : [{ key, by: 'user', counts: { times: rows.length } }],
    ),
})

const least = { failures: 10, addresses: 5, floods: 20 }

const manyAddresses: Rule = {
  name: 'many_addresses_one_account',
  pattern: 'one account is tried from many addresses',
  find: (signals) =>
    grouped(of(signals, 'login.failed'), ({ account }) => account).flatMap(([key, rows]) => {
      const addresses = distinct(rows.map(({ ip }) => ip))
      if (rows.length < least.failures || addresses < least.addresses) return []
      return [{ key, by: 'user', counts: { failures: rows.length, addresses } }]
    }),
}

const inAfterFailures: Rule = {
  name: 'success_after_failures',
  pattern: 'somebody got in after many wrong tries',
  find: (signals) =>
    of(signals, 'login.succeeded').flatMap(({ actorId, atMs }) => {
      const failures = of(signals, 'login.failed').filter(
        (one) => one.account !== null && one.account === actorId && one.atMs <= atMs,
      ).length
      if (actorId === null || failures < least.failures) return []
      return [{ key: actorId, by: 'user', counts: { failures } }]
    }),
}

const flood: Rule = {
  name: 'many_addresses_over_limits',
  pattern: 'many addresses go over the limits at once',
  find: (signals) => {
    const addresses = distinct(of(signals, 'rate_limit.exceeded').map(({ ip }) => ip))
    return addresses < least.floods ? [] : [{ key: '', by: 'ip', counts: { addresses } }]
  },
}

/**
 * What is looked for in the last quarter of an hour. Signing in has its own alarms at the moment
 * (one account tried too often, one address failing at many accounts): they are not said again here.
 */
export const rules: readonly Rule[] = [
  manyAddresses,
  inAfterFailures,
  flood,
  often('session.refreshed_twice', {
    name: 'refresh_reuse',
    pattern: 'a used refresh token was shown again',
    least: 1,
  }),
  often('second_factor.failed', {
    name: 'second_factor_guessing',
    pattern: 'codes of a second factor are guessed',
    least: 10,
  }),
  often('access.denied', {
    name: 'probing',
    pattern: 'somebody tries many doors that are not theirs',
    least: 15,
  }),
  often('secret.opened', {
    name: 'secret_burst',
    pattern: 'a person has secrets opened in a burst',
    least: 30,
  }),
  often('export.taken', {
    name: 'export_burst',
    pattern: 'a person takes exports in a burst',
    least: 20,
  }),
]

export const watchedActions: AuditAction[] = [
  'login.failed',
  'login.succeeded',
  'rate_limit.exceeded',
  'session.refreshed_twice',
  'second_factor.failed',
  'access.denied',
  'secret.opened',
  'export.taken',
]

const isId = (key: string) => /^\d+$/.test(key)

/** Every incident in these rows, once. An account that nobody has is no person's. */
export function findIncidents(signals: Signal[]): Incident[] {
  const found = rules.flatMap(({ name: rule, pattern, find }) =>
    find(signals).map(
      ({ key, by, counts }): Incident => ({
        rule,
        pattern,
        userId: by === 'user' && isId(key) ? key : null,
        ip: by === 'ip' && key !== '' ? key : null,
        counts,
      }),
    ),
  )
  return [...new Map(found.map((one) => [placeOf(one), one])).values()]
}

const placeOf = ({ rule, userId, ip }: Incident) => [rule, userId, ip].join(' ')
