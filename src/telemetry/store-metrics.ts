import { Counter, Histogram, type Registry } from 'prom-client'

export type StoreMetrics = {
  sentimentCache: (hits: number, misses: number) => void
  sentimentScored: (texts: number, seconds: number) => void
  exportRows: (count: number) => void
  /** hit, miss: somebody asked. warmed, not_warmed: nobody has asked yet. */
  answered: (outcome: 'hit' | 'miss' | 'warmed' | 'not_warmed') => void
  databaseQuery: (query: { seconds: number; slow: boolean }) => void
}

/** Sentiment, exports and the database as this process uses them. */
export function storeMetrics(registry: Registry): StoreMetrics {
  const registers = [registry]
  const counter = (name: string, help: string) => new Counter({ name, help, registers })

  const hits = counter('earshot_sentiment_cache_hits_total', 'Texts whose score was known.')
  const misses = counter('earshot_sentiment_cache_misses_total', 'Texts that had to be scored.')
  const scored = counter('earshot_sentiment_scored_total', 'Texts scored by the model.')
  const scoring = counter('earshot_sentiment_seconds_total', 'Seconds the model has run.')
  const rows = counter('earshot_export_rows_total', 'Rows written into exports.')
  const answers = new Counter({
    name: 'earshot_answers_total',
    help: 'Answers of analytics: known (hit) or not (miss) when asked, computed ahead (warmed) or not (not_warmed).',
    labelNames: ['outcome'],
    registers,
  })
  const slow = counter('earshot_database_slow_queries_total', 'Queries over DB_SLOW_QUERY_MS.')
  const queries = new Histogram({
    name: 'earshot_database_query_seconds',
    help: 'Time a query took, waiting for a connection not included.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    registers,
  })

  return {
    sentimentCache: (found, missed) => {
      hits.inc(found)
      misses.inc(missed)
    },
    sentimentScored: (texts, seconds) => {
      scored.inc(texts)
      scoring.inc(seconds)
    },
    exportRows: (count) => rows.inc(count),
    answered: (outcome) => answers.inc({ outcome }),
    databaseQuery: (query) => {
      queries.observe(query.seconds)
      if (query.slow) slow.inc()
    },
  }
}
