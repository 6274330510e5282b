const project = (name, testMatch, extra = {}) => ({
  displayName: name,
  testEnvironment: 'node',
  testMatch: testMatch.map((glob) => `<rootDir>/test/${glob}`),
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' }, sourceMaps: 'inline' }],
  },
  restoreMocks: true,
  setupFiles: ['<rootDir>/test/support/keep-wasm-code.ts'],
  ...extra,
});

/** Three projects: unit and replay need no Temporal server, integration starts one (test/integration/support/global-setup.ts). */
export default {
  projects: [
    project('unit', ['{domain,contracts,clients,activities,starters,workers,workflows,config,tools,sandbox,model}/**/*.test.ts'], {
      setupFilesAfterEnv: ['<rootDir>/test/support/law-seed.ts'],
    }),
    project('replay', ['replay/**/*.test.ts'], {
      setupFilesAfterEnv: ['<rootDir>/test/support/quiet-temporal.ts'],
    }),
    project('integration', ['integration/**/*.test.ts'], {
      setupFilesAfterEnv: ['<rootDir>/test/support/quiet-temporal.ts'],
      globalSetup: '<rootDir>/test/integration/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/integration/support/global-teardown.ts',
    }),
  ],
  randomize: true,
  // Tests start real processes and servers; Jest's 5 s are tight on two busy cores. It counts here only, not in a project.
  testTimeout: 60_000,
};
