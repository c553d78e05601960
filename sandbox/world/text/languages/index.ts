import { french } from './french.ts'
import { german } from './german.ts'
import { japanese } from './japanese.ts'
import type { Language } from './language.ts'
import { portuguese } from './portuguese.ts'
import { spanish } from './spanish.ts'

const languages: readonly Language[] = [spanish, german, portuguese, japanese, french]
export const languageOf = (code: string) => languages.find((language) => language.code === code)
