import { type Check, type CheckResult, runCheck } from './check.ts';
import { connectTo } from './http-call.ts';
import { keyChecks } from './key-checks.ts';
import { ledgerChecks } from './ledger-checks.ts';
import { recordChecks } from './record-checks.ts';
import { connectAdmin, openSubject, readCapabilities } from './subject.ts';
import { valueChecks } from './value-checks.ts';

export type ConformanceOptions = {
  /** Base URL of the facade. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Base URL of a reference OMS whose `/admin` makes orders and plays faults for the facade's checks. */
  readonly adminUrl?: string | undefined;
  /** The order to try refunds on; without it the admin makes a new one for each check. */
  readonly orderId?: string | undefined;
  /** Only the checks whose name contains this. */
  readonly only?: string | undefined;
};

const CHECKS: readonly Check[] = [...valueChecks, ...keyChecks, ...ledgerChecks, ...recordChecks];

/**
 * Runs every check, one after the other, and tells of each as it ends.
 * @throws Error when the facade cannot be reached, or there is neither an order nor an admin
 */
export async function runConformance(options: ConformanceOptions, tell: (result: CheckResult) => void = () => {}): Promise<CheckResult[]> {
  const connection = connectTo(options.url, options.token);
  const admin = options.adminUrl === undefined ? null : connectAdmin(options.adminUrl);
  const capabilities = await readCapabilities(connection);
  const results: CheckResult[] = [];
  for (const check of CHECKS.filter(({ name }) => name.includes(options.only ?? ''))) {
    const orderId = options.orderId ?? (await admin?.createOrder());
    if (orderId === undefined) throw new Error('expected an order to try refunds on: give --order or --admin');
    await admin?.put('/faults', { rules: [] });
    const subject = await openSubject({ connection, capabilities, admin, orderId });
    const result = await runCheck(check, subject);
    results.push(result);
    tell(result);
  }
  await admin?.put('/faults', { rules: [] });
  return results;
}
