import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { BusinessProductId } from '../domain/ids.ts';
import { DEFAULT_POLICY, type Policy } from '../domain/policy.ts';
import { type PolicyDocument, readDocument } from './policy-document.ts';
import { overPolicy } from './policy-layers.ts';
import { POLICY_FILE } from './policy-shape.ts';

export type Policies = {
  /** Of every business product that has no settings of its own. */
  readonly common: Policy;
  /** Of those that have, by business product id. */
  readonly products: ReadonlyMap<string, Policy>;
  readonly policyOf: (id: BusinessProductId) => Policy;
};

/** One policy for all business products. */
export const policyForAll = (policy: Policy): Policies => policiesOf(policy, new Map());

/**
 * The policies of a YAML file: its common settings over the default policy, and the settings of single business products over those.
 * Problems are added to `problems`, each with file, line and column; null when there is one. `setting` names where `path` came from.
 */
export function readPolicyFile(path: string, problems: string[], setting: string): Policies | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(`${setting}: expected a file that can be read, found ${JSON.stringify(path)} (${codeOf(error)})`);
    return null;
  }
  return parsePolicies(text, path, problems);
}

/** As `readPolicyFile`, for a text; `source` names it in problems. */
export function parsePolicies(text: string, source: string, problems: string[]): Policies | null {
  const document = readDocument(text, source, problems);
  if (document === null) return null;
  const parsed = POLICY_FILE.safeParse(document.value);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.flatMap((issue) => described(issue, document)));
    return null;
  }
  const { version, products = {}, ...settings } = parsed.data;
  const found: string[] = [];
  const common = overPolicy(DEFAULT_POLICY, { settings, path: [], document, problems: found });
  const own = Object.entries(products).map(([id, settings]) => {
    const layer = { settings, path: ['products', id], document, problems: found };
    return [id, overPolicy(common, layer)] as const;
  });
  problems.push(...found);
  return found.length > 0 ? null : versioned(common, own, version);
}

/**
 * A policy is named so that decisions made under different ones never carry the same name: without a version in the file by what it
 * says, and for a business product that differs from the common policy by what that one says, too.
 */
function versioned(common: Policy, own: readonly (readonly [string, Policy])[], version: string | undefined): Policies {
  const commonName = version ?? `file-${fingerprint(common)}`;
  const nameOf = (policy: Policy): string => (fingerprint(policy) === fingerprint(common) ? commonName : `${commonName}+${fingerprint(policy)}`);
  return policiesOf({ ...common, version: commonName }, new Map(own.map(([id, policy]) => [id, { ...policy, version: nameOf(policy) }])));
}

const policiesOf = (common: Policy, products: ReadonlyMap<string, Policy>): Policies => ({
  common,
  products,
  policyOf: (id) => products.get(id) ?? common,
});

/** Twelve hexadecimal digits that stand for all a policy says but its version, in whatever order its settings were written. */
const fingerprint = ({ version: _, ...settings }: Policy): string =>
  createHash('sha256')
    .update(JSON.stringify(settings, (_, value: unknown) => (isPlain(value) ? Object.fromEntries(Object.entries(value).sort(byKey)) : value)))
    .digest('hex')
    .slice(0, 12);

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** Of a value that may have several forms, what is wrong within the form that it took. */
function described(issue: z.core.$ZodIssue, document: PolicyDocument, above: readonly PropertyKey[] = []): string[] {
  const path = [...above, ...issue.path].map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => document.problemAtName([...path, key], issue.message));
  if (issue.code === 'invalid_key') return [document.problemAtName(path, issue.issues[0]?.message ?? issue.message)];
  const within = issue.code === 'invalid_union' ? issue.errors.find((form) => form.some((each) => each.path.length > 0)) : undefined;
  return within?.flatMap((each) => described(each, document, path)) ?? [document.problemAt(path, issue.message)];
}

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? String(error);
