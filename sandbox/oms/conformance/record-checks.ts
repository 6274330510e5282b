import { z } from 'zod';
import { type Check, requireEqual, skipUnless } from './check.ts';
import { codeOf } from './key-checks.ts';
import { readAs, type Subject } from './subject.ts';

const resolutionsShape = z.object({ resolutions: z.array(z.object({ key: z.string() }).loose()) });
const returnsShape = z.object({ told: z.array(z.object({ id: z.string() }).loose()), external: z.array(z.object({ id: z.string() }).loose()) });

/** What the facade keeps for its caller: no money moves on it. */
export const recordChecks: readonly Check[] = [
  {
    name: 'resolutions are kept as given, once per key',
    run: async (subject) => {
      skipUnless(subject.capabilities.resolutions, 'a facade that keeps resolutions');
      const key = subject.newKey();
      const body = { outcome: 'not_paid', actor: 'conformance', reason: 'test', at: '2026-01-01T00:00:00Z' };
      const keep = (over: object = {}) =>
        subject.connection.send({ method: 'PUT', path: subject.path('resolutions', key), body: { ...body, ...over } });
      requireEqual(
        'first, again, with another outcome',
        [(await keep()).status, (await keep()).status, (await keep({ outcome: 'paid' })).status],
        [201, 200, 409],
      );
      const { body: list } = await subject.connection.send({ method: 'GET', path: subject.path('resolutions') });
      const [kept] = readAs(resolutionsShape, list, 'resolutions').resolutions.filter((resolution) => resolution.key === key);
      requireEqual('kept', [kept?.['outcome'], kept?.['actor'], kept?.['reason'], kept?.['at']], [body.outcome, body.actor, body.reason, body.at]);
    },
  },
  {
    name: 'returns are kept as they are told',
    run: async (subject) => {
      needsReturns(subject);
      const id = subject.newKey();
      const picture = aPicture(subject);
      requireEqual('the first telling', (await tell(subject, id, 1, picture)).status, 201);
      requireEqual('what is kept', await kept(subject, id), sorted([1, picture]));
    },
  },
  {
    name: 'a return told again changes nothing, a newer version takes its place, a late one is stale',
    run: async (subject) => {
      needsReturns(subject);
      const id = subject.newKey();
      const [first, second] = [aPicture(subject), { ...aPicture(subject), state: 'COMPLETED', reason: null }];
      await tell(subject, id, 1, first);
      requireEqual('the same again', (await tell(subject, id, 1, first)).status, 200);
      requireEqual('a newer version', (await tell(subject, id, 2, second)).status, 200);
      requireEqual('what is kept', await kept(subject, id), sorted([2, second]));
      const late = await tell(subject, id, 1, first);
      requireEqual('the older one again, late', [late.status, codeOf(late.body)], [409, 'STALE_VERSION']);
      const other = await tell(subject, id, 2, first);
      requireEqual('other content under the same version', [other.status, codeOf(other.body)], [409, 'STALE_VERSION']);
      requireEqual('what is kept after both', await kept(subject, id), sorted([2, second]));
    },
  },
];

const needsReturns = (subject: Subject): void => skipUnless(subject.capabilities.returns, 'a facade that keeps returns');

const aPicture = ({ order }: Subject) => ({
  state: 'CREATED',
  createdAt: '2026-01-01T00:00:00.123456Z',
  reason: { code: 'DEFECTIVE', text: 'Item defective', comment: null },
  packages: [{ id: 'rp-1', state: 'DROPPED_OFF', reason: null, tracking: { carrier: 'UPS', number: '1Z', url: null } }],
  lines: [{ lineId: order.lines[0]?.id ?? '', units: 1, graded: [{ condition: 'SELLABLE', units: 1 }], restock: 1 }],
});

const tell = (subject: Subject, id: string, version: number, picture: object) =>
  subject.connection.send({ method: 'PUT', path: subject.path('returns', id), body: { version, ...picture } });

/** The version and the picture of a return in the list, where it is there once. */
async function kept(subject: Subject, id: string): Promise<unknown> {
  const { body } = await subject.connection.send({ method: 'GET', path: subject.path('returns') });
  const found = readAs(returnsShape, body, 'returns').told.filter((told) => told.id === id);
  requireEqual('times that it is listed', found.length, 1);
  const { version, state, createdAt, reason, packages, lines }: Record<string, unknown> = found[0] ?? {};
  return sorted([version, { state, createdAt, reason, packages, lines }]);
}

/** With the fields of objects in one order: in which they come says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  );
}
