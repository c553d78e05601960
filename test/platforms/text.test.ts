import { describe, expect, test } from '@jest/globals'
import { hashtagOf, hashtagsIn, mentionsIn, redditMentionsIn } from '../../src/platforms/text.ts'

describe('hashtags', () => {
  test.each([
    ['one, in lower case', 'Going #Live now', ['live']],
    ['each once, in order', '#b #A #a #B', ['b', 'a']],
    ['with a digit and an underscore', '#top_10 #2fast', ['top_10', '2fast']],
    ['digits alone are none', 'we are #1 in #2024', []],
    [
      'Japanese, Cyrillic and Greek',
      '見て #ゲーム実況 #Новости #ΕΛΛΆΔΑ',
      ['ゲーム実況', 'новости', 'ελλάδα'],
    ],
    ['Devanagari keeps its marks', '#हिन्दी', ['हिन्दी']],
    ['Persian keeps its joiner', '#می‌خواهم', ['می‌خواهم']],
    ['the full-width sign', '＃タグ', ['タグ']],
    ['decomposed letters are one with composed ones', '#cafe\u0301 #café', ['café']],
    ['ends at punctuation', '(#wow!) #don\u2019t', ['wow', 'don']],
    ['not inside a word, an entity or a fragment', 'a#b &#39; https://e.org/#part', []],
    ['not a doubled sign', '##', []],
    ['no text', null, []],
  ])('%s', (_, text, expected) => {
    expect(hashtagsIn(text)).toEqual(expected)
  })

  test('a tag field becomes a hashtag, or nothing', () => {
    expect(hashtagOf('Speed Run')).toBe('speedrun')
    expect(hashtagOf('#Retro')).toBe('retro')
    expect(hashtagOf('2024')).toBeNull()
    expect(hashtagOf(' ')).toBeNull()
  })
})

describe('mentions', () => {
  test.each([
    ['in lower case, each once', 'with @Ada and @ada', ['ada']],
    ['without the full stop of the sentence', 'thanks @some.name.', ['some.name']],
    ['of any script', 'с @Иван', ['иван']],
    ['no e-mail address', 'mail me@example.org', []],
    ['not in an address', 'https://youtube.com/@handle', []],
  ])('%s', (_, text, expected) => {
    expect(mentionsIn(text)).toEqual(expected)
  })

  test("Reddit's way", () => {
    expect(redditMentionsIn('u/Some_One and /u/other, not menu/item or /u/')).toEqual([
      'some_one',
      'other',
    ])
  })
})
