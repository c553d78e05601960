import pg from 'pg'

/** What only the owner of the tables may do with master keys; the application may not. */
export type KeyOwner = {
  /** From now on this key seals what is new, in every process, as soon as it looks (seconds). */
  choose: (keyId: string) => Promise<void>
  /** The database knows the key no longer. Fails while anything is sealed by it. */
  forget: (keyId: string) => Promise<void>
}

export function keyOwner(ownerUrl: string): KeyOwner {
  const run = async (statement: string, keyId: string) => {
    const client = new pg.Client({ connectionString: ownerUrl, application_name: 'earshot-keys' })
    await client.connect()
    try {
      await client.query(statement, [keyId])
    } finally {
      await client.end()
    }
  }
  return {
    choose: (keyId) =>
      run('update master_keys set chosen_at = clock_timestamp() where key_id = $1', keyId),
    forget: (keyId) => run('delete from master_keys where key_id = $1', keyId),
  }
}
