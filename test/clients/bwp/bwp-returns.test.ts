import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BwpApiVersion } from '../../../src/clients/bwp/documents.ts';
import { lineId, returnId } from '../../../src/domain/ids.ts';
import { type Loopback, reply, replyJson, startLoopback } from '../support/loopback.ts';
import { anUpdate, aWireOrder, aWireRefund, calls, createApi, inTurn, ref, withTokens } from './rig.ts';

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback();
});
afterEach(() => server.close());

const showing = (...returns: unknown[]) =>
  server.always(withTokens(replyJson(200, { data: { order: { ...aWireOrder(), returns: { details: returns } } } })));
const sent = (index = 0): { query: string; variables: Record<string, unknown> } => JSON.parse(calls(server, '/graphql')[index]?.body ?? 'null');
const units = (id: string, value: unknown) => ({ lineItem: { id }, amount: { value, unit: 'ONE' } });
const graded = (...conditions: [string, number][]) => ({
  summary: { unitWiseCondition: conditions.map(([condition, value]) => ({ condition, amount: { value, unit: 'ONE' } })) },
});
const aWireReturn = (over: Record<string, unknown> = {}) => ({
  id: 'rt-1',
  state: 'CREATED',
  aliases: [{ aliasType: 'RMA', aliasId: '7' }],
  createdAt: '2025-03-04T10:15:00.123456Z',
  returnReasonTerm: { reasonCode: 'DEFECTIVE', description: { value: 'Item defective' }, comments: 'it hums' },
  returnPackageDetails: [
    {
      id: 'rp-1',
      state: 'IN_TRANSIT',
      reason: null,
      packageTracker: { packageTrackerIdentifier: { trackingNumber: '1Z', carrierCode: 'UPS' }, trackingUrl: 'https://t.example.test/1Z' },
    },
  ],
  returnLineItems: [{ orderLineItem: units('line-1', 2), grading: graded(['SELLABLE', 1], ['DAMAGED', 1]) }],
  returnFor: { orderLineItems: [units('line-1', 2)] },
  ...over,
});
const first = async () => (await createApi(server).readOrder(ref)).returns[0];

describe('the returns of an order that is read', () => {
  it('end in those of the domain', async () => {
    showing(aWireReturn());
    expect(await first()).toEqual({
      id: 'rt-1',
      state: 'CREATED',
      aliases: [{ aliasType: 'RMA', aliasId: '7' }],
      createdAt: '2025-03-04T10:15:00.123456Z',
      reason: { code: 'DEFECTIVE', text: 'Item defective', comment: 'it hums' },
      packages: [{ id: 'rp-1', state: 'IN_TRANSIT', reason: null, tracking: { carrier: 'UPS', number: '1Z', url: 'https://t.example.test/1Z' } }],
      lines: [
        {
          lineId: 'line-1',
          units: 2,
          graded: [
            { condition: 'SELLABLE', units: 1 },
            { condition: 'DAMAGED', units: 1 },
          ],
        },
      ],
    });
  });

  it('add up a line that comes in two packages, and its gradings whatever their case', async () => {
    showing(
      aWireReturn({
        returnLineItems: [
          { orderLineItem: units('line-1', 1), grading: graded(['Sellable', 1]) },
          { orderLineItem: units('line-1', '2.0'), grading: graded(['SELLABLE', 1]) },
          { orderLineItem: units('line-2', 1), grading: null },
        ],
      }),
    );
    expect((await first())?.lines).toEqual([
      { lineId: 'line-1', units: 3, graded: [{ condition: 'SELLABLE', units: 2 }] },
      { lineId: 'line-2', units: 1, graded: [] },
    ]);
  });

  it.each([
    {
      rule: 'from what the return line is for, where it names no order line',
      lines: [{ returnFor: { orderLineItems: [units('line-1', 1)] }, grading: graded(['DEFECTIVE', 1]) }],
      is: 1,
      condition: 'DEFECTIVE',
    },
    { rule: 'from what the return is for, where it has no lines', lines: [], is: 2, condition: undefined },
    { rule: 'from what the return is for, where its lines are not shown', lines: null, is: 2, condition: undefined },
  ])('take their units $rule', async ({ lines, is, condition }) => {
    showing(aWireReturn({ returnLineItems: lines }));
    const [line] = (await first())?.lines ?? [];
    expect([line?.units, line?.graded[0]?.condition]).toEqual([is, condition]);
  });

  it('keep states, reasons and conditions that nobody knew', async () => {
    const packages = [{ id: 'rp-1', state: 'TELEPORTED', reason: 'SOLAR_FLARE' }];
    showing(
      aWireReturn({
        state: 'PAUSED',
        returnPackageDetails: packages,
        returnLineItems: [{ orderLineItem: units('line-1', 1), grading: graded(['SHINY', 1]) }],
      }),
    );
    expect(await first()).toMatchObject({
      state: 'PAUSED',
      packages: [{ state: 'TELEPORTED', reason: 'SOLAR_FLARE', tracking: null }],
      lines: [{ graded: [{ condition: 'SHINY', units: 1 }] }],
    });
  });

  it.each([
    { lacks: 'everything but its id', wire: { id: 'rt-1', state: 'DRAFT' } },
    {
      lacks: 'units',
      wire: aWireReturn({ state: 'draft', returnLineItems: [{ orderLineItem: units('line-1', null) }], returnFor: { orderLineItems: [{}] } }),
    },
    { lacks: 'the id of a package', wire: aWireReturn({ state: 'DRAFT', returnPackageDetails: [{}], returnLineItems: null, returnFor: null }) },
  ])('may lack $lacks while they are negotiated', async ({ wire }) => {
    showing(wire);
    expect(await first()).toMatchObject({ id: 'rt-1', lines: [] });
  });

  it.each([
    { drift: 'a return without id', wire: aWireReturn({ id: null }) },
    { drift: 'half a unit', wire: aWireReturn({ returnLineItems: [{ orderLineItem: units('line-1', 0.5) }] }) },
    { drift: 'a package without id', wire: aWireReturn({ returnPackageDetails: [{ state: 'CREATED' }] }) },
  ])('are unreadable with $drift once they are no draft', async ({ wire }) => {
    showing(wire);
    await expect(createApi(server).readOrder(ref)).rejects.toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('order.returns.details[0]'),
    });
  });

  it.each<[BwpApiVersion, string]>([
    ['2024-11-01', 'returnPackageDetails {'],
    ['2024-04-01', 'returnPackageDetails: returnDeliveryDetails {'],
    ['2024-01-01', 'returnPackageDetails: returnDeliveryDetails {'],
  ])('are asked in %s for %s', async (apiVersion, selection) => {
    showing();
    await createApi(server, { apiVersion }).readOrder(ref);
    expect(sent().query).toContain(selection);
  });
});

describe('what a refund was opened for', () => {
  const reading = (causedBy: unknown, readsCauses = true) => {
    server.always(withTokens(replyJson(200, { data: { order: aWireOrder([aWireRefund({ refundFor: { orderLineItems: [], causedBy } })]) } })));
    return createApi(server, { readsCauses }).readOrder(ref);
  };

  it.each([
    { wire: { __typename: 'ReturnDetails', id: 'rt-1' }, is: { kind: 'ReturnDetails', id: 'rt-1' } },
    { wire: { __typename: 'CancelDetails', id: 'c-1' }, is: { kind: 'CancelDetails', id: 'c-1' } },
    { wire: { __typename: 'SolarFlare' }, is: null },
    { wire: null, is: null },
    { wire: undefined, is: null },
  ])('is $is where it shows $wire', async ({ wire, is }) => {
    expect((await reading(wire)).refunds[0]?.causedBy).toEqual(is);
  });

  it('is not asked where that is switched off', async () => {
    await reading(null, false);
    expect(sent().query).not.toContain('causedBy');
  });
});

const alias = { aliasType: 'EXTERNAL-RETURN-ID', aliasId: 'er-1' };
const returns = (...details: unknown[]) => replyJson(200, { data: { updateOrder: { order: { ...aWireOrder(), returns: { details } } } } });

describe('adding a return', () => {
  const added = { state: 'CREATED', aliases: [alias], lines: [{ lineId: lineId('line-1'), units: 2 }] } as const;

  it('sends state, aliases and lines, and gives it back as it is shown', async () => {
    server.always(withTokens(returns(aWireReturn(), aWireReturn({ id: 'rt-2', aliases: [alias] }))));
    await expect(createApi(server).addReturn(ref, added)).resolves.toMatchObject({ id: 'rt-2' });
    expect(sent().variables).toEqual({
      order: { orderId: 'ORD-1' },
      input: {
        returns: {
          details: [
            {
              state: 'CREATED',
              aliases: [alias],
              returnLineItems: [{ returnFor: { orderLineItemAmounts: [{ lineItemId: { id: 'line-1' }, amount: { value: 2 } }] } }],
            },
          ],
        },
      },
    });
  });

  it('is unknown when the order does not show its alias afterwards', async () => {
    server.always(withTokens(returns(aWireReturn())));
    await expect(createApi(server).addReturn(ref, added)).rejects.toMatchObject({ kind: 'unknown' });
  });
});

describe('updating a return', () => {
  it.each([
    { rule: 'its state', update: { state: 'COMPLETED', aliases: null }, entry: { state: 'COMPLETED' } },
    { rule: 'all its aliases', update: { state: null, aliases: [alias] }, entry: { aliases: [alias] } },
    { rule: 'that it has no alias any more', update: { state: null, aliases: [] }, entry: { aliases: [] } },
  ] as const)('sends $rule under its id, and nothing else', async ({ update, entry }) => {
    server.always(withTokens(returns(aWireReturn())));
    await createApi(server).updateReturn(ref, returnId('rt-1'), update);
    expect(sent().variables).toEqual({
      order: { orderId: 'ORD-1' },
      input: { returns: { details: [{ returnIdentifier: { id: 'rt-1' }, ...entry }] } },
    });
  });

  it('reads the order where the oldest form shows an id only', async () => {
    const accepted = replyJson(200, { data: { updateOrder: { id: 'ORD-1' } } });
    server.always(
      withTokens(
        inTurn(accepted, replyJson(200, { data: { order: { ...aWireOrder(), returns: { details: [aWireReturn({ state: 'CANCELLED' })] } } } })),
      ),
    );
    const update = createApi(server, { apiVersion: '2024-01-01' }).updateReturn(ref, returnId('rt-1'), { state: 'CANCELLED', aliases: null });
    await expect(update).resolves.toMatchObject({ state: 'CANCELLED' });
  });
});

describe('adding a refund', () => {
  const own = { aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'x-1' };
  const refund = {
    ...anUpdate({ state: 'SUCCESS' }),
    alias: own,
    lines: [
      { lineId: lineId('line-1'), units: 2 },
      { lineId: lineId('line-2'), units: null },
    ],
  };
  const answered = (...refunds: unknown[]) => replyJson(200, { data: { updateOrder: { order: aWireOrder(refunds) } } });

  it('sends no id, its alias, and quantities where units are known', async () => {
    server.always(withTokens(answered(aWireRefund(), aWireRefund({ id: 'rf-2', aliases: [own] }))));
    await expect(createApi(server).addRefund(ref, refund)).resolves.toMatchObject({ id: 'rf-2' });
    expect(sent().variables).toMatchObject({
      order: { orderId: 'ORD-1' },
      input: { refunds: { details: [expect.not.objectContaining({ id: expect.anything() })] } },
    });
    expect(sent().variables).toMatchObject({
      input: {
        refunds: {
          details: [
            {
              state: 'SUCCESS',
              aliases: [own],
              refundTotal: { totalAmount: { amount: 4, currencyCode: 'USD' } },
              refundFor: {
                orderLineItems: [{ lineItemId: { lineItemId: 'line-1' }, refundedQuantity: { amount: 2 } }, { lineItemId: { lineItemId: 'line-2' } }],
              },
            },
          ],
        },
      },
    });
  });

  it('of an amount on the order names no lines', async () => {
    server.always(withTokens(answered(aWireRefund({ aliases: [own] }))));
    await createApi(server).addRefund(ref, { ...refund, lines: [] });
    expect(JSON.stringify(sent().variables)).not.toContain('refundFor');
  });

  it.each([
    { rule: 'shows no refund with the alias', answer: answered(aWireRefund()) },
    { rule: 'is no JSON', answer: reply(200, '<html>') },
  ])('is unknown when the answer $rule', async ({ answer }) => {
    server.always(withTokens(answer));
    await expect(createApi(server).addRefund(ref, refund)).rejects.toMatchObject({ kind: 'unknown' });
  });
});
