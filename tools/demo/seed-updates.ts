import { readFile } from 'node:fs/promises';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

const SEEDS = new URL('../../test/fixtures/seeds/', import.meta.url);
/** Given by the OMS, or by Buy with Prime in its answers, and different each time. */
const PAYMENT = /paymentDetails\.\d+\.(id|createdAt)$/;
const ANSWERED = /(paymentDetails\.\d+\.(id|createdAt)|refunds\.details\.0\.id|returnIdentifier\.id)$/;
const usd = (amount: number) => ({ totalAmount: { amount, currencyCode: 'USD' } });

type Sent = { readonly orderId?: string; readonly operation: string; readonly outcome: string; readonly arguments?: unknown };

/** The two updates that Buy with Prime got are those of the seeds, but for ids and times of payments; answers what differs. */
export async function sentAsInTheSeeds(stage: Stage, scenario: Scenario): Promise<readonly string[]> {
  const files = ['update-partial.json', 'update-success.json'].map((name) => readFile(new URL(name, SEEDS), 'utf8'));
  const updates = (await Promise.all(files)).map((text) => JSON.parse(text) as unknown);
  return notSentAs(updates, PAYMENT, { stage, scenario });
}

/** Added as on "Steps to add an external refund", then brought up to date by the id that the answer to it gave. */
export function externalRefundAsInTheSeeds(stage: Stage, scenario: Scenario): Promise<readonly string[]> {
  const aliases = [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'example-external-refund-id' }];
  const refundFor = { orderLineItems: [{ lineItemId: { lineItemId: 'example-line-item-id' }, refundedQuantity: { amount: 1 } }] };
  const paymentMethod = { displayString: 'Visa ending in 1234', type: 'AMAZON_PAY' };
  const oneDollar = { amount: usd(1).totalAmount, paymentMethod, state: 'SUCCESS' };
  const updates = [
    { aliases, refundTotal: usd(2), state: 'PENDING', refundFor },
    { aliases, refundTotal: usd(1), state: 'PARTIAL', paymentDetails: [oneDollar] },
    { aliases, refundTotal: usd(2), state: 'SUCCESS', paymentDetails: [oneDollar] },
  ].map((detail) => ({ orderIdentifier: { orderId: scenario.order.id }, input: { refunds: { details: [detail] } } }));
  return notSentAs(updates, ANSWERED, { stage, scenario });
}

/** Added as on "Steps to add an external return", then updated by the id that the answer to it gave. */
export function externalReturnAsInTheSeeds(stage: Stage, scenario: Scenario): Promise<readonly string[]> {
  const aliases = [{ aliasType: 'EXTERNAL-RETURN-ID', aliasId: 'external-return-id-1' }];
  const amounts = [{ amount: { value: 1 }, lineItemId: { id: 'line-item-id-1' } }];
  const updates = [
    { aliases, state: 'CREATED', returnLineItems: [{ returnFor: { orderLineItemAmounts: amounts } }] },
    { returnIdentifier: {}, state: 'COMPLETED' },
  ].map((detail) => ({ orderIdentifier: { orderId: scenario.order.id }, input: { returns: { details: [detail] } } }));
  return notSentAs(updates, ANSWERED, { stage, scenario });
}

/** What differs between these arguments of `updateOrder` and those that were taken for the scenario's order, but for paths that are `given`. */
async function notSentAs(
  expected: readonly unknown[],
  given: RegExp,
  { stage, scenario }: { readonly stage: Stage; readonly scenario: Scenario },
): Promise<readonly string[]> {
  const { requests } = (await stage.bwpAdmin('GET', '/requests')) as { readonly requests: readonly Sent[] };
  const sent = requests.filter(({ orderId, operation, outcome }) => orderId === scenario.order.id && operation === 'updateOrder' && outcome === 'ok');
  if (sent.length !== expected.length) return [`updates sent to Buy with Prime: expected ${expected.length}, found ${sent.length}`];
  return expected.flatMap((update, index) => differences(update, sent[index]?.arguments, given).map((found) => `update ${index + 1}: ${found}`));
}

function differences(expected: unknown, found: unknown, given: RegExp): string[] {
  const [wanted, got] = [leaves(expected), leaves(found)];
  const paths = new Set([...wanted.keys(), ...got.keys()]);
  return [...paths]
    .filter((path) => !given.test(path) && wanted.get(path) !== got.get(path))
    .map((path) => `${path}: expected ${wanted.get(path) ?? 'nothing'}, found ${got.get(path) ?? 'nothing'}`);
}

/** Every value by its path, as text: the sandbox logs amounts as decimal text, whichever way they came. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (value === null || typeof value !== 'object') return new Map([[path, String(value)]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, path === '' ? key : `${path}.${key}`)]));
}
