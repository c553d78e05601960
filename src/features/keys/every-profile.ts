import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'
import type { StoreName } from '../../secrets/stores/secret-store.ts'

export type ProfilePlace = { profileId: string; workspaceId: string }

const pageSize = 100

/** Every profile whose secret lies in this store, over all workspaces, by id. */
export async function* everyProfileIn(
  em: EntityManager,
  store: StoreName,
): AsyncGenerator<ProfilePlace> {
  for (let after = '0'; ; ) {
    const page = await rows(
      em,
      sql<ProfilePlace>`select id::text as "profileId", workspace_id::text as "workspaceId"
        from profiles_in_store(${store}, ${after}::bigint, ${pageSize}::integer)`,
    )
    yield* page
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = last.profileId
  }
}
