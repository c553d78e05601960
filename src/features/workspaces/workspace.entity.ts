import { defineEntity, type InferEntity, p } from '@mikro-orm/core'

export const WorkspaceEntity = defineEntity({
  name: 'Workspace',
  tableName: 'workspaces',
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    name: p.text(),
    kind: p.text().$type<'personal' | 'team' | 'community'>().default('personal'),
    createdAt: p.datetime(),
  },
})
export type Workspace = InferEntity<typeof WorkspaceEntity>
