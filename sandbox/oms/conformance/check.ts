import type { Subject } from './subject.ts';

/** One rule of the contract and how to see whether a facade keeps it. */
export type Check = { readonly name: string; run(subject: Subject): Promise<void> };

export type CheckResult = { readonly name: string; readonly result: 'passed' | 'failed' | 'skipped'; readonly note: string };

/** The facade broke the rule. */
class Broken extends Error {}
/** The rule cannot be tried on this facade. */
class Skipped extends Error {}

/** Ends the check as failed unless `holds`; `message` says what was expected and what came. */
export function require(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Broken(message);
}

/** As `require`, for two values that must be equal. */
export function requireEqual(what: string, got: unknown, expected: unknown): void {
  require(JSON.stringify(got) === JSON.stringify(expected), `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
}

/** Ends the check as skipped: says what the facade, or the person who runs this, would have to provide. */
export function skipUnless(can: boolean, needs: string): asserts can {
  if (!can) throw new Skipped(`needs ${needs}`);
}

/** Runs one check; whatever it throws becomes its result. */
export async function runCheck(check: Check, subject: Subject): Promise<CheckResult> {
  try {
    await check.run(subject);
    return { name: check.name, result: 'passed', note: '' };
  } catch (error) {
    if (error instanceof Skipped) return { name: check.name, result: 'skipped', note: error.message };
    const { message, cause } = error as Error;
    return {
      name: check.name,
      result: 'failed',
      note: error instanceof Broken ? message : `${message}${cause instanceof Error ? `: ${cause.message}` : ''}`,
    };
  }
}
