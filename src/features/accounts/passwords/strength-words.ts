import type { OptionsType } from '@zxcvbn-ts/core'

export const scoreWords = [
  'Guessed at once',
  'Weak: guessed in minutes',
  'Fair: holds out for a while',
  'Strong',
  'Very strong',
] as const

const warnings = {
  straightRow: 'A row of keys is easy to guess.',
  keyPattern: 'A short pattern on the keyboard is easy to guess.',
  simpleRepeat: "Repeated signs like 'aaa' are easy to guess.",
  extendedRepeat: "Repeated patterns like 'abcabcabc' are easy to guess.",
  sequences: "Sequences like 'abc' are easy to guess.",
  recentYears: 'Recent years are easy to guess.',
  dates: 'Dates are easy to guess.',
  topTen: 'This is one of the ten most used passwords.',
  topHundred: 'This is one of the hundred most used passwords.',
  common: 'This is a much used password.',
  similarToCommon: 'This is close to a much used password.',
  wordByItself: 'A single word is easy to guess.',
  namesByThemselves: 'A name by itself is easy to guess.',
  commonNames: 'Common names are easy to guess.',
  userInputs: 'This is close to what is known of you, or of Earshot.',
  pwned: 'This password is known from a leak.',
}

const suggestions = {
  l33t: "Signs in place of letters, like '@' for 'a', help little.",
  reverseWords: 'A common word backwards helps little.',
  allUppercase: 'Capital letters throughout help little: make some of them small.',
  capitalization: 'A capital first letter helps little: put capitals elsewhere.',
  dates: 'Leave out dates and years that have to do with you.',
  recentYears: 'Leave out recent years.',
  associatedYears: 'Leave out years that have to do with you.',
  sequences: 'Leave out sequences of signs.',
  repeated: 'Leave out repeated words and signs.',
  longerKeyboardPattern: 'Use longer patterns on the keyboard, and change direction.',
  anotherWord: 'Add more words, less common ones.',
  useWords: 'Use several words, but no common phrase.',
  noNeed: 'It may be strong without symbols, digits or capitals.',
  pwned: 'Where you use this password elsewhere, change it there too.',
}

/** Never shown: how long a guess takes is said by the score's words. */
const timeEstimation = {
  ltSecond: 'less than a second',
  second: 'a second',
  seconds: '{base} seconds',
  minute: 'a minute',
  minutes: '{base} minutes',
  hour: 'an hour',
  hours: '{base} hours',
  day: 'a day',
  days: '{base} days',
  month: 'a month',
  months: '{base} months',
  year: 'a year',
  years: '{base} years',
  centuries: 'centuries',
}

export const strengthWords: NonNullable<OptionsType['translations']> = {
  warnings,
  suggestions,
  timeEstimation,
}
