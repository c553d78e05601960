const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
  ],
}
const shared = {
  transform,
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/.earshot/'],
}
export default {
  testTimeout: 60_000,
  maxWorkers: 2,
  coverageReporters: ['html', 'text-summary'],
  collectCoverageFrom: ['src/**/*.ts', 'workers/**/*.ts', 'sandbox/**/*.ts'],
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'integration',
      testMatch: [
        '<rootDir>/test/integration/**/*.test.ts',
        '<rootDir>/test/sandbox/**/*.test.ts',
        '<rootDir>/test/platforms/**/*.test.ts',
        '<rootDir>/test/embedded-postgres/**/*.test.ts',
      ],
    },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
}
