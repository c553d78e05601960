import type { Slot } from '../calendar.ts'
import { type Random, randomFor, token } from '../random.ts'
import { moodNames, nowAndThenAwkward, reaction, sentence } from '../text/composer.ts'
import type { Tweet } from '../x.world.ts'
import type { Setting } from './setting.ts'
import type { Draft } from './x.draft.ts'

/** What a tweet says: a retweet repeats, an answer reacts, the others speak for themselves. */
export function words(setting: Setting, draft: Draft): { text: string; links: Tweet['links'] } {
  const { account, random, kind, target, slot } = draft
  if (kind === 'retweet' && target) {
    const original = words(setting, {
      account: target.account,
      slot: target.slot,
      random: randomFor(
        setting.seed,
        'tweet',
        target.account.index,
        target.slot.day,
        target.slot.ordinal,
      ),
      kind: 'original',
      target: null,
    })
    return { text: cut(`RT @${target.account.handle}: ${original.text}`, 140), links: [] }
  }
  const { topic, lang } = account
  const body =
    kind === 'reply'
      ? reaction(random, topic, lang)
      : sentence(random, topic, random.pick(moodNames), lang)
  const second = random.chance(0.25)
    ? ` ${sentence(random, topic, random.pick(moodNames), lang)}`
    : ''
  const links = random.chance(0.18) ? [link(random, topic.id, account.index, slot)] : []
  const parts = [
    kind === 'reply' && target ? `@${target.account.handle}` : '',
    nowAndThenAwkward(random, `${body}${second}`),
    ...hashtags(random, topic.tag),
    ...links.map(({ url }) => url),
  ]
  return {
    text: cut(parts.filter((part) => part !== '').join(random.chance(0.1) ? '\n\n' : ' '), 280),
    links,
  }
}

const link = (random: Random, topic: string, source: number, slot: Slot) => ({
  url: `https://t.co/${token(10, 't.co', source, slot.day, slot.ordinal).replace(/[-_]/g, 'x')}`,
  expanded: `https://${random.pick(['blog', 'news', 'shop', 'photos'])}.example.com/${topic}/${slot.day}-${slot.ordinal}`,
})

function hashtags(random: Random, tags: readonly string[]): string[] {
  const count = random.chance(0.45) ? 1 + random.int(3) : 0
  return [...new Set(Array.from({ length: count }, () => `#${random.pick(tags)}`))]
}

function cut(text: string, most: number): string {
  const points = [...text]
  return points.length <= most ? text : `${points.slice(0, most - 1).join('')}…`
}
