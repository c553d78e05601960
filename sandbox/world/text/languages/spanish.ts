import type { Language } from './language.ts'

export const spanish: Language = {
  code: 'es',
  templates: [
    '¡Qué alegría! {tema|cap} salió {bien} {cuando} 🎉',
    'No puedo creer lo {bien} que está {tema}.',
    '{tema|cap} es un desastre: {mal}. Qué decepción.',
    '¿Alguien sabe qué pasó con {tema}?',
    'Hoy toca {hacer} en {lugar}. ¿Quién se apunta?',
    'Llevo tres horas intentando {hacer} y sigue {mal} 😡',
    'Gracias a todos por venir a {lugar} ❤️',
    'Nuevo vídeo {cuando}: {tema} paso a paso.',
    'Mi abuela dice que {hacer} es fácil. Mi abuela miente.',
    'Lo mejor de {cuando}: {hacer} sin prisa.',
    '¿Merece la pena {hacer} o mejor espero?',
    'Otra vez {tema}, otra vez {mal}. Nunca más.',
  ],
  words: {
    tema: [
      'la receta',
      'el concierto',
      'la actualización',
      'el partido',
      'el viaje',
      'la película',
      'el directo',
      'el huerto',
      'la exposición',
      'el presupuesto',
    ],
    bien: ['genial', 'precioso', 'mejor que nunca', 'increíble', 'redondo'],
    mal: ['caído desde ayer', 'roto', 'carísimo', 'lleno de errores', 'cancelado'],
    cuando: ['hoy', 'esta noche', 'ayer', 'el sábado', 'esta semana'],
    hacer: ['cocinar', 'entrenar', 'grabar', 'leer', 'pintar', 'correr', 'programar'],
    lugar: ['la plaza', 'casa', 'el estudio', 'el mercado', 'Sevilla'],
  },
}
