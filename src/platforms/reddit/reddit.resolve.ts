import { batchesOf } from '../failure-scope.ts'
import type { Resolution } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import type { RedditClient } from './reddit.client.ts'
import {
  aboutOf,
  communitiesOf,
  communitiesPerCall,
  profileOf,
  troubleWith,
  unknownCommunity,
} from './reddit.communities.ts'
import { isId, parseHandle } from './reddit.handle.ts'
import type { Subreddit } from './reddit.shapes.ts'

const notAName = "This is neither a community's name, its address nor an id"
/** Reasons are asked for one by one; beyond these a batch of wrong names is told the plain one. */
const reasonsPerBatch = 20

/** 100 communities a call, and one more for each that is missing. */
export async function* resolve(
  client: RedditClient,
  inputs: string[],
): AsyncGenerator<Resolution[], void> {
  for (const batch of batchesOf(inputs, communitiesPerCall)) {
    const handles = batch.flatMap((input) => parseHandle(input)?.toLowerCase() ?? [])
    const found = new Map<string, Subreddit | PlatformError>([
      ...(await communitiesOf(client, 'id', handles.filter(isId))),
      ...(await communitiesOf(
        client,
        'sr_name',
        handles.filter((handle) => !isId(handle)),
      )),
    ])
    const missing = [...new Set(handles)].filter((handle) => !found.has(handle) && !isId(handle))
    for (const name of missing.slice(0, reasonsPerBatch)) {
      found.set(name, await aboutOf(client, name))
    }
    yield batch.map((input) => resolutionOf(input, found))
  }
}

function resolutionOf(input: string, found: Map<string, Subreddit | PlatformError>): Resolution {
  const handle = parseHandle(input)
  if (handle === null) return { input, found: null, reason: notAName }
  const answer = found.get(handle.toLowerCase()) ?? unknownCommunity()
  const trouble = answer instanceof PlatformError ? answer : troubleWith(answer)
  if (trouble) return { input, found: null, reason: trouble.message }
  return answer instanceof PlatformError
    ? { input, found: null, reason: answer.message }
    : { input, found: profileOf(answer) }
}
