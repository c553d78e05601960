const postMicroDollars = 5000
const userMicroDollars = 10_000
const dayMs = 86_400_000

/** X bills each resource once a UTC day and credential, however often it is read. */
export function createBill(nowMs: () => number) {
  const seen = new Map<string, { day: number; ids: Set<string> }>()
  return (credential: string, tweetIds: readonly string[], userIds: readonly string[]): number => {
    const day = Math.floor(nowMs() / dayMs)
    const known = seen.get(credential)
    const today = known?.day === day ? known : { day, ids: new Set<string>() }
    seen.set(credential, today)
    const fresh = (kind: string, ids: readonly string[]) =>
      new Set(ids.map((id) => `${kind}${id}`).filter((id) => !today.ids.has(id)))
    const tweets = fresh('t', tweetIds)
    const users = fresh('u', userIds)
    for (const id of [...tweets, ...users]) today.ids.add(id)
    return tweets.size * postMicroDollars + users.size * userMicroDollars
  }
}
