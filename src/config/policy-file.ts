import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { DEFAULT_POLICY, type Policy, type Timing } from '../domain/policy.ts';

const TEN_YEARS_MS = 10 * 366 * 24 * 3_600_000;

const name = z
  .string({ error: 'a text' })
  .trim()
  .min(1, { error: 'a text that is not empty' })
  .max(100, { error: 'a text of at most 100 characters' });
const milliseconds = (min: number) => {
  const error = `a whole number of milliseconds from ${min} to ${TEN_YEARS_MS}`;
  return z.int({ error }).min(min, { error }).max(TEN_YEARS_MS, { error });
};
const waits = z.array(milliseconds(1), { error: 'a list of milliseconds' }).min(1, { error: 'at least one wait' });

const timing: { readonly [Key in keyof Timing]: z.ZodType<Timing[Key]> } = {
  readBack: waits,
  settlementPoll: waits,
  deadline: milliseconds(1),
  lookAgain: waits,
  quiet: milliseconds(0),
};

const policy: { readonly [Key in Exclude<keyof Policy, 'timing'>]: z.ZodType<Policy[Key]> } = {
  version: name,
  refundAliasType: name,
  shippingBackFor: z.array(name, { error: 'a list of refund request reasons' }),
  estimateTolerancePercent: z.number({ error: 'a number of per cent' }).min(0, { error: 'no less than 0 per cent' }).max(1000, {
    error: 'at most 1000 per cent',
  }),
};

const policyFile = z
  .strictObject({
    ...policy,
    timing: z.strictObject(timing, { error: 'a mapping of waits in milliseconds' }).partial(),
  })
  .partial();

/**
 * The policy of a YAML file over the default one: what the file does not name keeps its default. A file that gives no version is named
 * by its content, so that decisions made under different texts never carry the same one.
 * Problems are added to `problems`, each with file, line and column; null when there is one.
 */
export function readPolicyFile(path: string, problems: string[]): Policy | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(`BWP_SAGA_POLICY_FILE: expected a file that can be read, found ${JSON.stringify(path)} (${codeOf(error)})`);
    return null;
  }
  return parsePolicy(text, path, problems);
}

/** As `readPolicyFile`, for a text; `source` names it in problems. */
export function parsePolicy(text: string, source: string, problems: string[]): Policy | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined): string => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `${source}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    problems.push(...document.errors.map(({ pos, message }) => `${at(pos[0])}: expected YAML, found: ${message.trim()}`));
    return null;
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    problems.push(`${at(0)}: expected YAML, found: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
  const parsed = policyFile.safeParse(value);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.flatMap((issue) => describe(issue, document, at)));
    return null;
  }
  const { timing: waitsGiven = {}, ...given } = parsed.data;
  return {
    ...DEFAULT_POLICY,
    version: `file-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`,
    ...withoutUndefined(given),
    timing: { ...DEFAULT_POLICY.timing, ...withoutUndefined(waitsGiven) },
  };
}

function describe(issue: z.core.$ZodIssue, document: Document, at: (offset: number | undefined) => string): string[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(path.length === 0 ? policyFile.shape : timing).join(', ');
    return issue.keys.map((key) => `${at(keyOffset(document, path, key))}: ${[...path, key].join('.')}: expected one of ${known}`);
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const field = path.length === 0 ? 'the whole file' : path.join('.');
  const expected = issue.path.length === 0 ? 'a mapping of policy settings' : issue.message;
  return [`${at(rangeStart(node))}: ${field}: expected ${expected}, found ${found(node)}`];
}

function keyOffset(document: Document, path: readonly (string | number)[], key: string): number | undefined {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined;
  return rangeStart(pair?.key);
}

const rangeStart = (node: unknown): number | undefined => (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0];

const found = (node: unknown): string => {
  if (!isScalar(node)) return isMap(node) ? 'a mapping' : 'a list';
  return node.value === null ? 'nothing' : JSON.stringify(node.value);
};

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? String(error);

type Given<Values> = { [Key in keyof Values]: Exclude<Values[Key], undefined> };

const withoutUndefined = <Values extends object>(values: Values): Given<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<Values>;
