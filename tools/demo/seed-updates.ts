import { readFile } from 'node:fs/promises';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

const SEEDS = new URL('../../test/fixtures/seeds/', import.meta.url);
const UPDATES = ['update-partial.json', 'update-success.json'] as const;
/** Given by the OMS, and different each time. */
const GIVEN = /paymentDetails\.\d+\.(id|createdAt)$/;

type Sent = { readonly orderId?: string; readonly operation: string; readonly outcome: string; readonly arguments?: unknown };

/** The two updates that Buy with Prime got are those of the seeds, but for ids and times of payments; answers what differs. */
export async function sentAsInTheSeeds(stage: Stage, { order }: Scenario): Promise<readonly string[]> {
  const { requests } = (await stage.bwpAdmin('GET', '/requests')) as { readonly requests: readonly Sent[] };
  const sent = requests.filter(({ orderId, operation, outcome }) => orderId === order.id && operation === 'updateOrder' && outcome === 'ok');
  if (sent.length !== UPDATES.length) return [`updates sent to Buy with Prime: expected ${UPDATES.length}, found ${sent.length}`];
  const expected = await Promise.all(UPDATES.map(async (name) => JSON.parse(await readFile(new URL(name, SEEDS), 'utf8')) as unknown));
  return expected.flatMap((update, index) => differences(update, sent[index]?.arguments).map((difference) => `update ${index + 1}: ${difference}`));
}

function differences(expected: unknown, found: unknown): string[] {
  const [wanted, got] = [leaves(expected), leaves(found)];
  const paths = new Set([...wanted.keys(), ...got.keys()]);
  return [...paths]
    .filter((path) => !GIVEN.test(path) && wanted.get(path) !== got.get(path))
    .map((path) => `${path}: expected ${wanted.get(path) ?? 'nothing'}, found ${got.get(path) ?? 'nothing'}`);
}

/** Every value by its path, as text: the sandbox logs amounts as decimal text, whichever way they came. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (value === null || typeof value !== 'object') return new Map([[path, String(value)]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, path === '' ? key : `${path}.${key}`)]));
}
