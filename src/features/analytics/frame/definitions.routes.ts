import { z } from 'zod'
import { route } from '../../../http/route.ts'
import { type DefinitionId, DefinitionView, definitions, definitionsOf } from './definitions.ts'

const Definitions = z.object({ items: z.array(DefinitionView) }).meta({ id: 'Definitions' })

const ids = Object.keys(definitions) as DefinitionId[]

const list = route({
  method: 'get',
  path: '/api/analytics/definitions',
  tag: 'Analytics',
  summary: 'What every figure of the analytics means',
  description:
    'One registry for all of them: each figure names its definition, and each answer spells out ' +
    'those that it uses.',
  access: 'user',
  status: 200,
  response: Definitions,
  handler: async () => ({ items: definitionsOf(ids) }),
})

export const definitionRoutes = [list]
