import type { Language } from './language.ts'

export const german: Language = {
  code: 'de',
  templates: [
    '{thema|cap} ist {gut} geworden. Ich bin so froh! 🎉',
    'Schon wieder: {thema} ist {schlecht}. Ich mag nicht mehr.',
    'Weiß jemand, was mit {thema} los ist?',
    '{wann|cap} geht es weiter: {tun} bei uns in {ort}.',
    'Seit drei Stunden beim {tun}, und {thema} ist immer noch {schlecht} 🙄',
    'Danke an alle, die in {ort} waren ❤️',
    'Lohnt sich {thema} oder soll ich warten?',
    'Kleine Freude am Abend: {tun} ohne Termin.',
    'Natürlich ist {thema} {schlecht}. Es ist ja auch Montag.',
    'Ehrlich gesagt: {thema} ist {gut}, das hätte ich nicht gedacht.',
    'Neues Video {wann}: {thema} Schritt für Schritt.',
    'Meine Oma sagt, {tun} sei einfach. Oma irrt sich selten, aber hier.',
  ],
  words: {
    thema: [
      'das Brot',
      'der Zug',
      'das neue Album',
      'das Spiel',
      'die Steuererklärung',
      'der Garten',
      'das Update',
      'die Ausstellung',
      'die Wanderung',
      'der Film',
    ],
    gut: ['richtig schön', 'besser als erwartet', 'großartig', 'ein Traum', 'endlich fertig'],
    schlecht: ['kaputt', 'viel zu teuer', 'ausgefallen', 'eine Katastrophe', 'drei Wochen zu spät'],
    wann: ['heute', 'morgen', 'gestern', 'am Samstag', 'heute Abend'],
    tun: ['Backen', 'Üben', 'Programmieren', 'Malen', 'Laufen', 'Aufräumen', 'Schneiden'],
    ort: ['Leipzig', 'der Küche', 'der Halle', 'der Werkstatt', 'Wien'],
  },
}
