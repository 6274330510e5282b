import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BwpApiVersion } from '../../../src/clients/bwp/documents.ts';
import { lineId, returnId } from '../../../src/domain/ids.ts';
import { anUpdate, usd } from './rig.ts';
import { admin, at, createApi, useBwpSandbox } from './sandbox-rig.ts';

useBwpSandbox();

const line = lineId('line-1');

const alias = (aliasId: string, aliasType = 'EXTERNAL-RETURN-ID') => ({ aliasType, aliasId });
const aReturn = (over: object = {}) => ({ state: 'CREATED' as const, aliases: [alias('er-1')], lines: [{ lineId: line, units: 1 }], ...over });

beforeEach(async () => {
  await admin('POST', '/reset', {});
  await admin('POST', '/orders', { id: 'ORD-1', lines: [{ id: 'line-1', quantity: 4, price: '10.00' }] });
});

describe.each<BwpApiVersion>(['2024-11-01', '2024-04-01', '2024-01-01'])('against the sandbox in %s', (apiVersion) => {
  it('a return of Buy with Prime is read with its package, its reason and its grading, and its refund names it', async () => {
    const packages = [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 2 }] }];
    await admin('POST', '/orders/ORD-1/returns', { id: 'rt-1', packages });
    for (const to of ['IN_TRANSIT', 'DELIVERED']) await admin('POST', '/orders/ORD-1/returns/rt-1/packages/rp-1/move', { to });
    await admin('POST', '/orders/ORD-1/returns/rt-1/lines/rl-1/grade', { conditions: [{ condition: 'SELLABLE', units: 1 }] });
    const order = await createApi({ apiVersion }).readOrder(at);
    expect(order.returns).toMatchObject([
      {
        id: 'rt-1',
        state: 'CREATED',
        packages: [{ id: 'rp-1', state: 'DELIVERED' }],
        lines: [{ lineId: line, units: 2, graded: [{ condition: 'SELLABLE', units: 1 }] }],
      },
    ]);
    expect(order.refunds).toMatchObject([{ causedBy: { kind: 'ReturnDetails', id: 'rt-1' } }]);
    await expect(createApi({ apiVersion, readsCauses: false }).readOrder(at)).resolves.toMatchObject({ refunds: [{ causedBy: null }] });
  });

  it('an external return is added, told further, and renamed', async () => {
    const api = createApi({ apiVersion });
    const added = await api.addReturn(at, aReturn({ aliases: [alias('er-1'), alias('RMA-7', 'RMA')] }));
    expect(added).toMatchObject({
      state: 'CREATED',
      aliases: [alias('er-1'), alias('RMA-7', 'RMA')],
      lines: [{ lineId: line, units: 1, graded: [] }],
    });
    await expect(api.updateReturn(at, added.id, { state: 'COMPLETED', aliases: null })).resolves.toMatchObject({
      state: 'COMPLETED',
      aliases: added.aliases,
    });
    await expect(api.updateReturn(at, added.id, { state: null, aliases: [alias('er-2')] })).resolves.toMatchObject({
      state: 'COMPLETED',
      aliases: [alias('er-2')],
    });
    await expect(api.updateReturn(at, added.id, { state: null, aliases: [] })).resolves.toMatchObject({ aliases: [] });
    expect((await api.readOrder(at)).returns).toHaveLength(1);
  });

  it('an external refund is added under its alias, and is updated by the id that it was given', async () => {
    const api = createApi({ apiVersion });
    const own = alias('x-1', 'EXTERNAL-REFUND-ID');
    const added = await api.addRefund(at, { ...anUpdate({ state: 'PENDING', total: usd(1000) }), alias: own, lines: [{ lineId: line, units: 1 }] });
    expect(added).toMatchObject({ state: 'PENDING', aliases: [own], total: usd(1000), lines: [{ lineId: line, units: 1 }] });
    await expect(api.updateRefund(at, added.id, anUpdate({ state: 'SUCCESS', total: usd(1000), alias: own }))).resolves.toMatchObject({
      state: 'SUCCESS',
    });
    expect((await api.readOrder(at)).refunds).toHaveLength(1);
  });
});

describe('Buy with Prime refuses', () => {
  const api = () => createApi();

  it.each([
    { what: 'three aliases', added: aReturn({ aliases: [alias('a'), alias('b', 'B'), alias('c', 'C')] }), code: 'AliasLimitExceeded' },
    { what: 'one alias id twice', added: aReturn({ aliases: [alias('a'), alias('a', 'B')] }), code: 'DuplicateAliasId' },
    { what: 'an alias of another return', added: aReturn(), code: 'AliasValueAlreadyExists' },
    { what: 'an unknown line', added: aReturn({ aliases: [alias('b')], lines: [{ lineId: lineId('line-9'), units: 1 }] }), code: 'ValidationError' },
    { what: 'more units than were ordered', added: aReturn({ aliases: [alias('b')], lines: [{ lineId: line, units: 9 }] }), code: 'ValidationError' },
    { what: 'no lines', added: aReturn({ aliases: [alias('b')], lines: [] }), code: 'ValidationError' },
  ])('a new return with $what: $code', async ({ added, code }) => {
    await api().addReturn(at, aReturn());
    await expect(api().addReturn(at, added)).rejects.toMatchObject({ kind: 'refused', code });
    expect((await api().readOrder(at)).returns).toHaveLength(1);
  });

  it.each([
    { what: 'three aliases', update: { state: null, aliases: [alias('a'), alias('b', 'B'), alias('c', 'C')] }, code: 'AliasLimitExceeded' },
    { what: 'an alias of another return', update: { state: null, aliases: [alias('other')] }, code: 'AliasValueAlreadyExists' },
    { what: 'nothing', update: { state: null, aliases: null }, code: 'ValidationError' },
    { what: 'a step that is refused there', update: { state: 'CREATED' as const, aliases: null }, code: 'ValidationError' },
  ])('to change a return to $what: $code', async ({ update, code }) => {
    await admin('PUT', '/switches', { refusedReturnSteps: ['CREATED>CREATED'] });
    const { id } = await api().addReturn(at, aReturn());
    await api().addReturn(at, aReturn({ aliases: [alias('other')] }));
    await expect(api().updateReturn(at, id, update)).rejects.toMatchObject({ kind: 'refused', code });
  });

  it('to change a return that it opened itself, or does not know', async () => {
    await admin('POST', '/orders/ORD-1/returns', { id: 'rt-1', packages: [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 1 }] }] });
    for (const id of ['rt-1', 'rt-9']) {
      const update = api().updateReturn(at, returnId(id), { state: 'COMPLETED', aliases: null });
      await expect(update).rejects.toMatchObject({ kind: 'refused', code: 'ValidationError' });
    }
  });
});

it.each([
  ['timeoutAfter', 'unknown', 1],
  ['resetBefore', 'unknown', 0],
  ['throttle', 'throttled', 0],
])('the fault %s makes an add %s, after which the order shows %d returns', async (kind, expected, shown) => {
  await admin('PUT', '/faults', { rules: [{ operation: 'updateOrder', kind }] });
  await expect(createApi({ timeLimitMs: 1_000 }).addReturn(at, aReturn())).rejects.toMatchObject({ kind: expected });
  expect((await createApi().readOrder(at)).returns).toHaveLength(shown);
});
