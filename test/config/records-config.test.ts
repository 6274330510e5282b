import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../src/config/variables.ts';
import { workerConfig } from '../../src/config.ts';

const WORKER = {
  BWP_API_URL: 'https://api.example/graphql',
  BWP_TOKEN_URL: 'https://api.example/token',
  BWP_CLIENT_ID: 'client',
  BWP_CLIENT_SECRET: 'hush',
  OMS_URL: 'http://oms.example/facade',
};
const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const URL = 'https://merchant.example/hook';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    workerConfig({ ...WORKER, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the settings of journal and notices', () => {
  it.each([
    ['none: the log, and nobody is told', {}, { journal: { kind: 'log' }, notices: null }],
    ['a folder', { JOURNAL_DIR: '/var/journal' }, { journal: { kind: 'file', folder: '/var/journal' }, notices: null }],
    ['a URL', { JOURNAL_URL: URL, NOTICES_SECRET: SECRET }, { journal: { kind: 'http', url: URL, secret: SECRET }, notices: null }],
    ['a receiver', { NOTICES_URL: URL, NOTICES_SECRET: SECRET }, { journal: { kind: 'log' }, notices: { url: URL, secret: SECRET } }],
  ])('may be %s', (_, env, records) => {
    expect(workerConfig({ ...WORKER, ...env }).records).toEqual(records);
  });

  it.each([
    ['two journals', { JOURNAL_DIR: '/var/journal', JOURNAL_URL: URL, NOTICES_SECRET: SECRET }, 'JOURNAL_URL: expected nothing beside JOURNAL_DIR'],
    ['a receiver without a secret', { NOTICES_URL: URL }, 'NOTICES_SECRET: expected the secret that signs what goes to NOTICES_URL'],
    ['a journal elsewhere without a secret', { JOURNAL_URL: URL }, 'NOTICES_SECRET: expected the secret that signs what goes to JOURNAL_URL'],
    ['a URL of another kind', { NOTICES_URL: 'ftp://merchant.example', NOTICES_SECRET: SECRET }, 'NOTICES_URL: expected an http or https URL'],
    ['a secret of the wrong form', { NOTICES_URL: URL, NOTICES_SECRET: 'open sesame' }, 'NOTICES_SECRET: expected whsec_ and the base64'],
    ['a secret that is too short', { NOTICES_URL: URL, NOTICES_SECRET: 'whsec_AAAA' }, 'NOTICES_SECRET: expected whsec_ and the base64'],
  ])('may not be %s', (_, env, problem) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
    expect(problems.join()).not.toContain('sesame');
  });
});
