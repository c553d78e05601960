import { globSync, readFileSync } from 'node:fs'
import { keptInMemory } from '../support/kept-in-memory.ts'

const collection = String.raw`new (?:Weak)?(?:Map|Set)\b(?:<[^(]*>)?`
const named = String.raw`(?:export )?(?:const|let) (\w+)(?:: [^=]+)?`
/** Made empty, so that something is put into it; or a variable of the module. */
const bornEmpty = new RegExp(String.raw`^${named} = (?:${collection}\(\)|\[\]|\{\})`, 'gm')
const variable = /^(?:export )?let (\w+)/gm
const field = new RegExp(
  String.raw`^ {2}(?:readonly |static |private )*(#?\w+) = ${collection}`,
  'gm',
)
/** A cache of ours, whoever makes it: the collection stands in another file. */
const made = new RegExp(
  String.raw`^${named} = (?:await )?(?:create|open)\w*Cache(?:<[^(]*>)?\(`,
  'gm',
)
const filled = new RegExp(String.raw`^${named} = (?:${collection}\(|\[|\{)`, 'gm')

const namesBy = (pattern: RegExp, text: string) =>
  [...text.matchAll(pattern)].map(([, name = '']) => name)

/** A lookup table that is only read is no memory; one that something is put into is. */
const isWritten = (name: string, text: string) =>
  new RegExp(String.raw`\b${name}(?:\.(?:set|add|push|unshift)\(|\[[^\]]+\] \??\??=[^=])`).test(
    text,
  )

function keptIn(text: string): string[] {
  const written = namesBy(filled, text).filter((name) => isWritten(name, text))
  const all = [bornEmpty, made, variable, field].flatMap((pattern) => namesBy(pattern, text))
  return [...new Set([...all, ...written])]
}

const sources = globSync(['src/**/*.ts', 'workers/**/*.ts']).map((file): [string, string] => [
  file.replaceAll('\\', '/'),
  readFileSync(file, 'utf8'),
])

describe('SEC-14: what is kept in memory between requests', () => {
  test('stands in the list, with its key and the reason why that keeps tenants apart', () => {
    const found = sources.flatMap(([file, text]) => keptIn(text).map((name) => `${file} ${name}`))
    const listed = new Set(keptInMemory.map(({ file, name }) => `${file} ${name}`))
    // A new one needs a line in test/support/kept-in-memory.ts.
    expect(found.filter((one) => !listed.has(one))).toEqual([])
  })

  test('is still there, where the list says', () => {
    const texts = new Map(sources)
    const gone = keptInMemory.filter(({ file, name }) => !texts.get(file)?.includes(name))
    expect(gone).toEqual([])
  })

  test.each([
    ['const answers = new Map<string, Answer>()', ['answers']],
    ['export const answers: Map<string, Answer> = new Map()', ['answers']],
    ['const answers = createAnswerCache()', ['answers']],
    ['export const kept = createTopCache<Answer>({ most: 2 })', ['kept']],
    ['let last: Answer | null = null', ['last']],
    ['const seen = new Set([1])\nseen.add(2)', ['seen']],
    ['const byId: Record<string, Answer> = {}', ['byId']],
    ['const byId: Record<string, Answer> = { a }\nbyId[id] = answer', ['byId']],
    ['class Cache {\n  readonly #byUrl = new Map<string, Answer>()\n}', ['#byUrl']],
    ["const words = new Set(['a', 'b'])", []],
    ["const words = { a: 'b' }", []],
    ['function f() {\n  const here = new Map()\n}', []],
  ])('%j is recognised', (text, names) => {
    expect(keptIn(text)).toEqual(names)
  })

  test('no package that caches is used', () => {
    const users = sources.filter(([, text]) =>
      /from '(?:lru-cache|node-cache|p-memoize|memoizee|keyv|quick-lru|cacheable[^']*)'/.test(text),
    )
    expect(users.map(([file]) => file)).toEqual([])
  })
})
