import { batchesOf } from '../failure-scope.ts'
import type { Resolution } from '../platform.ts'
import { channelsBy, idsPerCall } from './youtube.calls.ts'
import type { YoutubeClient } from './youtube.client.ts'
import { parseHandle } from './youtube.handle.ts'
import { profileOf } from './youtube.mapping.ts'
import type { Channel } from './youtube.shapes.ts'

const notAName = "This is neither a YouTube handle, a channel's address nor a channel id"
const notThere = 'YouTube knows no channel of this handle or id'
const oldAddress =
  'YouTube does not tell whose this older address is: open it and copy the @handle shown there'

type Wish = { input: string; handle: string }

/** Ids go 50 to a call; each handle is a call of its own. */
export async function* resolve(
  client: YoutubeClient,
  inputs: string[],
): AsyncGenerator<Resolution[], void> {
  const wishes: Wish[] = []
  const unreadable: Resolution[] = []
  for (const input of inputs) {
    const handle = parseHandle(input)
    if (handle === null) unreadable.push({ input, found: null, reason: notAName })
    else wishes.push({ input, handle })
  }
  if (unreadable.length > 0) yield unreadable
  const byHandle = Map.groupBy(wishes, (wish) => wish.handle)
  const ids = [...byHandle.keys()].filter((handle) => handle.startsWith('UC'))
  for (const batch of batchesOf(ids, idsPerCall)) {
    const found = new Map((await channelsBy(client, { id: batch })).map((one) => [one.id, one]))
    yield batch.flatMap((id) => answers(byHandle.get(id), found.get(id)))
  }
  for (const [handle, asked] of byHandle) {
    if (!handle.startsWith('UC')) yield answers(asked, await channelOf(client, handle))
  }
}

const answers = (wishes: Wish[] = [], channel: Channel | undefined): Resolution[] =>
  wishes.map(({ input, handle }) => {
    if (channel) return { input, found: profileOf(channel) }
    return { input, found: null, reason: handle.startsWith('c/') ? oldAddress : notThere }
  })

/** youtube.com/c/name cannot be looked up; most became the handle of the same name. */
async function channelOf(client: YoutubeClient, handle: string): Promise<Channel | undefined> {
  const [form, name = ''] = handle.split('/')
  const filter =
    form === 'user' ? { forUsername: name } : { forHandle: form === 'c' ? `@${name}` : handle }
  const [channel] = await channelsBy(client, filter)
  return channel
}
