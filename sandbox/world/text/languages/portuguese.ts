import type { Language } from './language.ts'

export const portuguese: Language = {
  code: 'pt',
  templates: [
    'Que dia! {tema|cap} ficou {bom} 🎉',
    'De novo {tema} {mau}. Que tristeza.',
    'Alguém sabe o que aconteceu com {tema}?',
    '{quando|cap} tem {fazer} em {lugar}. Quem vem?',
    'Três horas a {fazer} e {tema} continua {mau} 😩',
    'Obrigado a todos que vieram a {lugar} ❤️',
    'Vale a pena {fazer} ou é melhor esperar?',
    'Vídeo novo {quando}: {tema} do começo ao fim.',
    'Claro que {tema} está {mau}. Hoje é segunda.',
    'Sinceramente, {tema} está {bom}. Não esperava.',
  ],
  words: {
    tema: [
      'o bolo',
      'o jogo',
      'o álbum novo',
      'a atualização',
      'a viagem',
      'o filme',
      'a horta',
      'a exposição',
      'o orçamento',
      'a corrida',
    ],
    bom: ['lindo', 'melhor do que nunca', 'incrível', 'perfeito', 'pronto'],
    mau: ['quebrado', 'caro demais', 'cancelado', 'atrasado', 'cheio de erros'],
    quando: ['hoje', 'amanhã', 'ontem', 'sábado', 'esta noite'],
    fazer: ['cozinhar', 'correr', 'pintar', 'programar', 'ensaiar', 'plantar'],
    lugar: ['Lisboa', 'casa', 'Recife', 'Porto', 'Salvador'],
  },
}
