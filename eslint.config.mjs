import tseslint from 'typescript-eslint';

const exhaustive = (considerDefaultExhaustiveForUnions) => ({
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions }],
});

/** Type-aware rules only: Biome does the rest of the lint. */
export default tseslint.config(
  { ignores: ['dist/', 'coverage/'] },
  {
    files: ['{src,sandbox,test,tools,bench}/**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/require-array-sort-compare': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      ...exhaustive(true),
    },
  },
  // What decides about money names every case: a default would swallow the next one.
  { files: ['src/**/*.ts'], rules: exhaustive(false) },
);
