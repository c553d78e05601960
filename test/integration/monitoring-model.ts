/** What people see of a job, as this model says it should be. */
export type JobModel = {
  isActive: boolean
  intervalMinutes: number
  nextRunAt: string
  lastSuccessAt: string | null
  /** When its runs were due. */
  runs: Set<string>
  openGap: boolean
}
type Command = { kind: string; minutes?: number }

const minute = 60_000
const iso = (ms: number) => new Date(ms).toISOString()

/** One job's life in a few sentences: the product must agree with it after every command. */
export function model() {
  let job: JobModel | null = null
  const is = (condition: boolean) => (condition ? 200 : 409)

  const commands: Record<string, (job: JobModel, now: number, minutes: number) => number> = {
    create: () => 409,
    delete: () => {
      job = null
      return 204
    },
    pause: (one) => {
      if (one.isActive) Object.assign(one, { isActive: false, openGap: true })
      return 200
    },
    resume: (one, now) => {
      if (!one.isActive) Object.assign(one, { isActive: true, nextRunAt: iso(now) })
      return 200
    },
    run: (one, now) => {
      if (one.isActive && Date.parse(one.nextRunAt) > now) one.nextRunAt = iso(now)
      return is(one.isActive)
    },
    interval: (one, now, minutes) => {
      one.intervalMinutes = minutes
      if (Date.parse(one.nextRunAt) <= now) return 200
      const since = one.lastSuccessAt ? Date.parse(one.lastSuccessAt) : now
      one.nextRunAt = iso(Math.max(now, since + minutes * minute))
      return 200
    },
  }

  function perform({ kind, minutes = 0 }: Command, now: number): number {
    if (job) return commands[kind]?.(job, now, minutes) ?? 500
    if (kind !== 'create') return 404
    const next = { nextRunAt: iso(now), lastSuccessAt: null, runs: new Set<string>() }
    job = { isActive: true, intervalMinutes: 30, ...next, openGap: false }
    return 201
  }

  const isDue = (now: number) => job?.isActive === true && Date.parse(job.nextRunAt) <= now

  /** A run that began for `before` ends now, when its job is still there. */
  function endRun(before: JobModel, scheduledFor: string, now: number): void {
    if (!job || job !== before) return
    job.runs.add(scheduledFor)
    job.lastSuccessAt = iso(now)
    job.openGap = !job.isActive
    if (job.nextRunAt !== scheduledFor) return
    const interval = job.intervalMinutes * minute
    const passed = Math.floor((now - Date.parse(scheduledFor)) / interval)
    job.nextRunAt = iso(Date.parse(scheduledFor) + (passed + 1) * interval)
  }

  return {
    job: () => job,
    perform,
    work: (now: number, during: Command | null) => {
      const before = job
      const scheduledFor = job?.nextRunAt ?? ''
      const ran = isDue(now)
      const status = during ? perform(during, now) : 200
      if (ran && before) endRun(before, scheduledFor, now)
      // What became due meanwhile is taken by the same turn, when it had work at all.
      for (let again = 0; ran && again < 5 && job && isDue(now); again += 1) {
        endRun(job, job.nextRunAt, now)
      }
      return { status, ran }
    },
  }
}
