import { type Policies, parsePolicies, policyForAll } from '../../config/policy-file.ts';
import type { OrderFacts } from '../../domain/order-facts.ts';
import { DEFAULT_POLICY } from '../../domain/policy.ts';
import { parseSnapshot } from './snapshot/snapshot.ts';
import { BadInput, readText, sourceName, type Terminal } from './terminal.ts';

/** @throws BadInput when the file is no snapshot. */
export async function readFacts(terminal: Terminal, path: string): Promise<OrderFacts> {
  const facts = parseSnapshot(await readText(terminal, path), sourceName(path));
  if ('problems' in facts) throw new BadInput(facts.problems);
  return facts;
}

/**
 * The policies of a file, named in problems as it was given; without one, the default policy.
 * @throws BadInput when the file is no policy.
 */
export async function readPolicies(terminal: Terminal, path: string | undefined): Promise<Policies> {
  if (path === undefined) return policyForAll(DEFAULT_POLICY);
  const problems: string[] = [];
  const policies = parsePolicies(await readText(terminal, path), sourceName(path), problems);
  if (policies === null) throw new BadInput(problems);
  return policies;
}
