import fc from 'fast-check';
import { lineId, type ReturnId, returnId } from '../../../src/domain/ids.ts';
import type { BwpReturn, ExternalReturn, OmsReturns, ReturnedLine } from '../../../src/domain/order.ts';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { anyCase } from '../any-facts.ts';
import { aResolution } from '../live.ts';

const lines = fc.constantFrom('line-1', 'line-1', 'line-2', 'sku-1', 'line-9').map(lineId);
const states = fc.constantFrom('CREATED', 'CREATED', 'created', 'COMPLETED', 'CANCELLED', 'DRAFT', 'REVIEWED');
const instants = fc.constantFrom('2025-03-04T10:00:00Z', '2025-03-04T10:00:00.000000001Z', '2025-01-01T00:00:00Z');
const aliases = fc.uniqueArray(
  fc.constantFrom(
    { aliasType: 'EXTERNAL-RETURN-ID', aliasId: 'ext-1' },
    { aliasType: 'EXTERNAL_RETURN_ID', aliasId: 'ext-2' },
    { aliasType: 'RMA', aliasId: 'rma-1' },
    { aliasType: 'RMA', aliasId: 'rma-2' },
  ),
  { maxLength: 2 },
);
const packages = fc
  .array(fc.constantFrom('CREATED', 'DROPPED_OFF', 'IN_TRANSIT', 'DELIVERED', 'completed', 'FAILED', 'LOADED'), { maxLength: 3 })
  .map((all) => all.map((state, index) => ({ id: `package-${index + 1}`, state, reason: index === 1 ? 'LOST' : null, tracking: null })));
const returned: fc.Arbitrary<ReturnedLine> = fc.record({
  lineId: lines,
  units: fc.integer({ min: 1, max: 3 }),
  graded: fc.array(
    fc.record({ condition: fc.constantFrom('SELLABLE', 'sellable', 'DAMAGED', 'FULFILLMENT_EXPIRED'), units: fc.integer({ min: 1, max: 2 }) }),
    {
      maxLength: 2,
    },
  ),
});
const shown = (id: ReturnId): fc.Arbitrary<BwpReturn> =>
  fc.record({
    id: fc.constant(id),
    state: states,
    aliases: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: aliases }),
    createdAt: fc.option(instants),
    reason: fc.constantFrom(null, { code: 'DEFECTIVE', text: 'broken', comment: null }),
    packages,
    lines: fc.array(returned, { maxLength: 2 }),
  });
const shownList: fc.Arbitrary<readonly BwpReturn[]> = fc
  .tuple(shown(returnId('return-1')), shown(returnId('return-2')), shown(returnId('return-3')))
  .chain((all) => fc.subarray(all));

const external = (id: string): fc.Arbitrary<ExternalReturn> =>
  fc.record({
    id: fc.constant(id),
    state: states,
    aliases,
    lines: fc.array(fc.record({ lineId: lines, units: fc.integer({ min: 1, max: 2 }) }), { maxLength: 2 }),
    createdAt: instants,
  });

const omsReturns = (returns: readonly BwpReturn[]): fc.Arbitrary<OmsReturns | null> =>
  fc.option(
    fc.record({
      told: fc
        .tuple(...returns.map((each) => fc.record({ version: fc.integer({ min: 1, max: 9 }), picture: fc.oneof(fc.constant(each), shown(each.id)) })))
        .chain((all) => fc.subarray(all))
        .map((all) =>
          all.map(({ version, picture: { aliases: _, ...picture } }) => ({
            version,
            picture: { ...picture, lines: picture.lines.map((line) => ({ ...line, restock: 0 })) },
          })),
        ),
      external: fc.tuple(external('ext-1'), external('ext-2'), external('ext-3')).chain((all) => fc.subarray(all)),
    }),
    { freq: 10 },
  );

const resolutions = fc
  .subarray(['return-1', 'return-2', 'ext-1', 'ext-2'])
  .map((keys) => keys.map((key) => aResolution({ key, outcome: 'accepted' })));

/** Any facts and policy, with returns on both sides. */
export const anyReturns: fc.Arbitrary<{ readonly facts: OrderFacts; readonly policy: Policy }> = fc
  .tuple(anyCase, shownList, fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: resolutions }))
  .chain(([{ facts, policy }, returns, accepted]) =>
    omsReturns(returns).map((oms) => ({
      policy,
      facts: JSON.parse(
        JSON.stringify({ ...facts, bwp: { ...facts.bwp, returns }, returns: oms, resolutions: [...facts.resolutions, ...accepted] }),
      ) as OrderFacts,
    })),
  );
