import { randomBytes } from 'node:crypto'

/** A secret planted to be looked for: by name in a failure, never by value. */
export type Canary = { name: string; value: string }

/** What no other text can contain by chance. */
export const randomMark = () => randomBytes(16).toString('hex')

/** Everything that a text could be found in: where it is, and what stands there. */
export type Place = { where: string; text: string }

/** The value as it is, in hex, in an address, and in base64 wherever in a longer text it stood. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const base64 = [0, 1, 2].map((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    // The first and the last letters depend on what stands beside it.
    return shifted.slice(offset === 0 ? 0 : 4).replace(/.{0,4}$/, '')
  })
  const forms = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ]
  return [...new Set(forms)]
}

/** Where each canary stands, in any of its forms; a line for each. */
export function findCanaries(places: Place[], canaries: Canary[]): string[] {
  const wanted = canaries.map(({ name, value }) => ({ name, forms: formsOf(value) }))
  const found = places.flatMap(({ where, text }) =>
    wanted.flatMap(({ name, forms }) => {
      const form = forms.find((one) => text.includes(one))
      if (form === undefined) return []
      const at = text.indexOf(form)
      return [`${name} in ${where}: ...${text.slice(Math.max(0, at - 60), at)}<here>`]
    }),
  )
  return [...new Set(found)]
}
