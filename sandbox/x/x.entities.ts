import type { Tweet, XWorld } from '../world/x.world.ts'

type Span = { start: number; end: number }

const pattern =
  /https:\/\/t\.co\/\w+|(?<![\w&/])[#＃](?<tag>[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*)|(?<![\w&/])@(?<name>\w{1,15})/gu

/** X counts positions in code points of the text as it stands in the answer. */
export function entitiesOf(text: string, links: Tweet['links'], x: XWorld) {
  const hashtags: (Span & { tag: string })[] = []
  const mentions: (Span & { username: string; id?: string })[] = []
  const urls: (Span & { url: string; expanded_url: string; display_url: string })[] = []
  for (const match of text.matchAll(pattern)) {
    const start = [...text.slice(0, match.index)].length
    const span = { start, end: start + [...match[0]].length }
    const { tag, name } = match.groups ?? {}
    if (tag) hashtags.push({ ...span, tag })
    else if (name) mentions.push({ ...span, username: name, ...idOf(x, name) })
    else urls.push({ ...span, ...linkOf(links, match[0]) })
  }
  const found = {
    ...(hashtags.length > 0 && { hashtags }),
    ...(mentions.length > 0 && { mentions }),
    ...(urls.length > 0 && { urls }),
  }
  return Object.keys(found).length > 0 ? found : null
}

function idOf(x: XWorld, name: string) {
  const user = x.userByName(name)
  return user ? { id: user.id } : { id: '0' }
}

function linkOf(links: Tweet['links'], url: string) {
  const expanded = links.find((link) => link.url === url)?.expanded ?? url
  return {
    url,
    expanded_url: expanded,
    display_url: expanded.replace(/^https?:\/\//, '').slice(0, 30),
  }
}
