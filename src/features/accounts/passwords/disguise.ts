const letters: Record<string, string> = {
  '@': 'a',
  '4': 'a',
  '8': 'b',
  '(': 'c',
  '3': 'e',
  '6': 'g',
  '9': 'g',
  '!': 'i',
  '1': 'i',
  '|': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
  '+': 't',
  '2': 'z',
}
const asLetters = (text: string) => text.replace(/[^a-z]/g, (sign) => letters[sign] ?? sign)

/** A text in lower case as it is, and with the signs that stand for letters read as those. */
export const undisguised = (text: string): string[] => [
  text,
  asLetters(text),
  asLetters(text.replace(/[1!|]/g, 'l')),
]
