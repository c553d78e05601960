const { Visitor } = require('@swc/core/Visitor.js')

// swc parses `using`, but the visitor that dependency-cruiser walks with does not know it and throws.
const { visitStatement } = Visitor.prototype
Visitor.prototype.visitStatement = function visitStatementOrUsing(statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement)
  statement.decls = this.visitVariableDeclarators(statement.decls)
  return statement
}

/**
 * Imports point one way:
 * workers, cli -> features -> {platforms, http, queues, live, database, secrets, telemetry}
 *   -> config -> core
 * The files directly in src wire the rooms together (compose, context, entities, routes, process,
 * main): they are the composition root and may know everything.
 */
const infrastructure = '(audit|cache|database|http|limits|live|outgoing|queues|secrets|telemetry)'

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Type imports count too: a cycle of types is a room that does not know its place.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-is-found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'core-is-a-leaf',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/(?!core/)' },
    },
    {
      name: 'config-knows-only-core',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/(?!core/|config/)' },
    },
    {
      name: 'infrastructure-knows-no-feature',
      severity: 'error',
      from: { path: `^src/${infrastructure}/` },
      to: { path: '^src/(features|platforms|cli)/' },
    },
    {
      name: 'platforms-know-only-core',
      severity: 'error',
      from: { path: '^src/platforms/' },
      to: { path: '^src/(?!core/|platforms/)' },
    },
    {
      name: 'platforms-are-strangers',
      severity: 'error',
      from: { path: '^src/platforms/([^/]+)/' },
      to: { path: '^src/platforms/[^/]+/', pathNot: '^src/platforms/$1/' },
    },
    {
      name: 'sdks-stay-with-their-platform',
      severity: 'error',
      from: { pathNot: '^src/platforms/' },
      to: { path: 'node_modules/(@twurple/|twitter-api-v2/|@googleapis/|snoowrap/)' },
    },
    {
      name: 'features-meet-at-the-index',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/[^/]+/(?!index\\.ts$)', pathNot: '^src/features/$1/' },
    },
    {
      name: 'others-enter-features-at-the-index',
      comment: 'entities.ts and routes.ts list what each feature brings.',
      severity: 'error',
      from: {
        path: '^(src/(cli|http)/|src/[^/]+\\.ts$|workers/)',
        pathNot: '^src/(entities|routes)\\.ts$',
      },
      to: { path: '^src/features/[^/]+/(?!index\\.ts$)' },
    },
    {
      name: 'features-know-no-command',
      severity: 'error',
      from: { path: '^src/(?!cli/)' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'src-is-the-product-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(workers|sandbox|test|bench|scripts)/' },
    },
    {
      name: 'workers-are-the-product-alone',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: '^(sandbox|test|bench|scripts)/' },
    },
    {
      name: 'sandbox-stands-apart',
      comment: 'A sandbox that shared code with the adapters would share their mistakes.',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(src/(?!core/)|workers/|migrations/|test/|bench/)' },
    },
    {
      name: 'only-the-root-wires',
      comment: 'Types of compose.ts say what a part needs; opening it is for entry points.',
      severity: 'error',
      from: {
        path: '^src/(core|config|platforms|features|database|queues|live|secrets|telemetry)/',
      },
      to: { path: '^src/(compose|entities|routes|process|main)\\.ts$' },
    },
    {
      name: 'context-is-a-type',
      severity: 'error',
      from: {},
      to: { path: '^src/context\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'services-know-no-http',
      severity: 'error',
      from: { path: '\\.(service|repository|queries|tasks|entity)\\.ts$' },
      to: { path: '(^src/http/|\\.routes\\.ts$|node_modules/express/)' },
    },
    {
      name: 'sql-only-in-repositories-and-queries',
      severity: 'error',
      from: { path: '^src/features/.*\\.(routes|presenter|schemas)\\.ts$' },
      to: { path: 'node_modules/(@mikro-orm|kysely|pg)/|^src/database/sql\\.ts$' },
    },
    {
      name: 'no-development-package-in-the-product',
      severity: 'error',
      from: { path: '^(src|workers|migrations|sandbox)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
