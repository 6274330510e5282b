import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ATTENTION_REASONS } from '../../src/domain/refund-decision.ts';

const docs = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const [, table = ''] = /\n## What each reason means\n\n(\|[\s\S]*?)\n\n/.exec(docs) ?? [];
const rows = table
  .split('\n')
  .slice(2)
  .map((row) => row.split('|').map((cell) => cell.trim()));
/** Each reason once for each row that it stands in, with what that row says. */
const told = rows.flatMap(([, reasons = '', means = '', press = '']) => reasons.split(', ').map((reason) => ({ reason, means, press })));

describe('docs/operations.md, for what needs attention', () => {
  it.each([...ATTENTION_REASONS])('says once what %s means and what to press', (reason) => {
    const command = /`(saga )?(approve|deny|resolve|retry|withdraw|look-again|money go)\b/;
    expect(told.filter((each) => each.reason === reason)).toEqual([
      { reason, means: expect.stringMatching(/\w/), press: expect.stringMatching(command) },
    ]);
  });

  it('names no reason that there is not', () => {
    expect(told.map(({ reason }) => reason).filter((reason) => !ATTENTION_REASONS.some((known) => known === reason))).toEqual([]);
  });
});
