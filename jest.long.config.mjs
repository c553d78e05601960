import config from './jest.config.mjs'

const [shared] = config.projects
/** What takes minutes: crash points and soaks. `npm run test:long`, and .ci/run. */
export default {
  ...config,
  testTimeout: 900_000,
  maxWorkers: 1,
  projects: [{ ...shared, displayName: 'long', testMatch: ['<rootDir>/test/long/**/*.test.ts'] }],
}
