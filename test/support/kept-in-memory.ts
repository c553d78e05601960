/** What outlives a request in the memory of a process, and why its key keeps tenants apart. */
export type Kept = { file: string; name: string; key: string; because: string }

/**
 * Answers of analytics are kept in memory, each under its workspace (test/integration/cached-answers
 * asks for all of them from both sides); every other answer is read under row-level security. In Redis
 * stand queues (ids alone), counters of limits (an HMAC of person or address), and counts of hashtags
 * under keys that name the workspace and are forgotten with it (src/cache/workspace-keys.ts).
 */
export const keptInMemory: Kept[] = [
  {
    file: 'src/cache/answer-cache.ts',
    name: 'kept',
    key: 'workspace id, version of its data, question',
    because: 'the id is that of the actor who asks, and each answer was read under its policy',
  },
  {
    file: 'src/cache/asked-questions.ts',
    name: 'asked',
    key: 'workspace id, then question',
    because: 'a question is answered again in its own workspace alone, into the cache above',
  },
  {
    file: 'src/features/credentials/token-store.ts',
    name: 'tokens',
    key: 'profile id and version of its sealed credentials',
    because: 'a profile belongs to one workspace, and only its own tasks and requests open it',
  },
  {
    file: 'src/features/exports/export-slots.ts',
    name: 'slotsByPool',
    key: 'connection pool, then workspace id',
    because: 'it counts running exports; each workspace has a count of its own',
  },
  {
    file: 'src/http/denials.ts',
    name: 'people',
    key: 'the request itself',
    because: 'a WeakMap by object: no other request can name it',
  },
  {
    file: 'src/features/credentials/budget.window.ts',
    name: 'formats',
    key: 'time zone',
    because: 'a format of a zone holds nothing of anybody',
  },
  {
    file: 'src/platforms/youtube/youtube.categories.ts',
    name: 'known',
    key: 'origin of the API',
    because: "YouTube's public list of categories is the same for everybody",
  },
  {
    file: 'src/features/feedback/screenshots/re-encode.ts',
    name: 'made',
    key: 'none',
    because: 'it holds a loaded library',
  },
  {
    file: 'src/features/sentiment/engine/scorer/scorer.main.ts',
    name: 'waiting',
    key: 'id of a request to the scoring process',
    because: 'texts wait here for their turn and go with it; each answer goes to the id that asked',
  },
  {
    file: 'src/features/sentiment/engine/scorer/scorer.main.ts',
    name: 'current',
    key: 'id of a request to the scoring process',
    because: 'the one that is computed now',
  },
  {
    file: 'src/features/sentiment/engine/scoring-process.ts',
    name: '#pending',
    key: 'id of a request to the scoring process',
    because: 'a promise for each request; ids are counted up and used once',
  },
  {
    file: 'src/limits/limits.ts',
    name: 'limiters',
    key: 'name of the rule',
    because: 'what it counts is counted by an HMAC of the person or the address',
  },
  {
    file: 'src/queues/queues.ts',
    name: 'queues',
    key: 'name of the queue',
    because: 'a connection; tasks carry the workspace id in their data',
  },
]
