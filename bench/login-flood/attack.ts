/** Who signs in rightly, and whose account the flood tries. */
export const person = { email: 'ada@example.org', password: 'a-Long-passphrase-42' }

export const wrongPerSecond = 50

/** An address out of 2^21 of a network. */
export const spread = (net: number, n: number) =>
  `${net}.${(n >> 14) & 127}.${(n >> 7) & 127}.${n & 127}`

/** `home`: where the person has signed in before. `from`: where wrong login n comes from. */
export const attacks = {
  many_addresses: { home: '198.51.100.7', from: (n: number) => spread(10, n) },
  one_address: { home: '198.51.100.8', from: () => '203.0.113.9' },
}
export type Attack = keyof typeof attacks
