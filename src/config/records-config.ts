import { z } from 'zod';
import { httpUrl, text } from './variables.ts';

/** Where the journal goes and who is told (docs/records.md). */
export type RecordsConfig = {
  readonly journal:
    | { readonly kind: 'log' }
    | { readonly kind: 'file'; readonly folder: string }
    | { readonly kind: 'http'; readonly url: string; readonly secret: string };
  /** Null: no notices. */
  readonly notices: { readonly url: string; readonly secret: string } | null;
};

export const recordsShape = {
  JOURNAL_DIR: text('the path of a folder').optional(),
  JOURNAL_URL: httpUrl().optional(),
  NOTICES_URL: httpUrl().optional(),
  NOTICES_SECRET: z.string().refine(isSigningSecret, { error: 'whsec_ and the base64 of 24 to 64 bytes' }).optional(),
};

/** Adds one problem for each pair of settings that do not fit together. */
export function readRecords(variables: { readonly [name in keyof typeof recordsShape]?: string | undefined }, problems: string[]): RecordsConfig {
  const { JOURNAL_DIR: folder, JOURNAL_URL: journalUrl, NOTICES_URL: noticesUrl, NOTICES_SECRET: secret = '' } = variables;
  if (folder !== undefined && journalUrl !== undefined) problems.push('JOURNAL_URL: expected nothing beside JOURNAL_DIR, found a URL');
  if (secret === '' && (journalUrl !== undefined || noticesUrl !== undefined)) {
    problems.push(
      `NOTICES_SECRET: expected the secret that signs what goes to ${noticesUrl === undefined ? 'JOURNAL_URL' : 'NOTICES_URL'}, found nothing`,
    );
  }
  return {
    journal: folder !== undefined ? { kind: 'file', folder } : journalUrl !== undefined ? { kind: 'http', url: journalUrl, secret } : { kind: 'log' },
    notices: noticesUrl === undefined ? null : { url: noticesUrl, secret },
  };
}

function isSigningSecret(secret: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1] ?? '';
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 && bytes.length >= 24 && bytes.length <= 64;
}
