import type { Language } from './language.ts'

export const french: Language = {
  code: 'fr',
  templates: [
    'Quel bonheur, {sujet} est {bien} ! 🎉',
    'Encore une fois, {sujet} est {mal}. J’en ai assez.',
    'Quelqu’un sait ce qui se passe avec {sujet} ?',
    'On se retrouve {quand} à {lieu} pour {faire} ?',
    'Trois heures à {faire} et {sujet} est toujours {mal} 😤',
    'Merci à tous d’être venus à {lieu} ❤️',
    'Est-ce que {sujet} vaut le détour ?',
    'Nouvelle vidéo {quand} : {sujet}, étape par étape.',
    'Bien sûr que {sujet} est {mal}. On est lundi.',
    'Franchement, {sujet} est {bien}. Je ne m’y attendais pas.',
    'Petit plaisir du soir : {faire} sans regarder l’heure.',
  ],
  words: {
    sujet: [
      'le pain',
      'le concert',
      'la mise à jour',
      'le match',
      'le train',
      'le film',
      'le jardin',
      'l’exposition',
      'le budget',
      'la randonnée',
    ],
    bien: ['magnifique', 'parfait', 'meilleur que prévu', 'superbe', 'enfin prêt'],
    mal: ['en panne', 'trop cher', 'annulé', 'raté', 'en retard'],
    quand: ['demain', 'ce soir', 'hier', 'samedi', 'cette semaine'],
    faire: ['cuisiner', 'courir', 'dessiner', 'coder', 'répéter', 'jardiner'],
    lieu: ['Lyon', 'la maison', 'l’atelier', 'Nantes', 'la salle'],
  },
}
