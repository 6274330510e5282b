import { createHash } from 'node:crypto';
import { createSignedPost, type SignedPostConfig } from '../notices/signed-post.ts';
import type { Journal } from './journal.ts';

const TIME_LIMIT_MS = 10_000;

/** A journal kept elsewhere: each append is one signed POST of `{"entries":[…]}`, the same batch under the same `webhook-id`. */
export function createHttpJournal(config: SignedPostConfig): Journal {
  const post = createSignedPost({ timeLimitMs: TIME_LIMIT_MS, ...config });
  return async (lines, signal) => {
    if (lines.length === 0) return;
    const id = createHash('sha256')
      .update(JSON.stringify(lines.map((line) => line.id)), 'utf8')
      .digest('base64url');
    await post({ what: 'append to the journal', id: `journal_${id}`, body: `{"entries":[${lines.map(({ json }) => json).join(',')}]}` }, signal);
  };
}
