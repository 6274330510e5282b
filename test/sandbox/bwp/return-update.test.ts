import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aReturn, aReturnAlias, returnLines, returnRig } from './return-rig.ts';
import { type Answer, firstError, type Json, type Rig, startRig } from './rig.ts';

let rig: Rig;
const returns = returnRig(() => rig);
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const alias = aReturnAlias('oms-1');
const byAlias = { returnIdentifier: { alias } };
/** Adds an external return under `alias`; returns its id. */
async function addExternal(orderId: string, over: Json = {}): Promise<string> {
  const answer = await returns.write(orderId, [aReturn({ aliases: [alias], ...over })]);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return String((await returns.read(orderId)).at(-1)?.id);
}
const isRefused = (answer: Answer, message: string) =>
  expect(firstError(answer)).toMatchObject({ errorType: 'ValidationError', message: expect.stringContaining(message) });

describe('adding an external return', () => {
  it.each(['CREATED', 'COMPLETED'])('8.2.17 an add in %s has that state, a new id, its alias and its lines', async (state) => {
    const orderId = await rig.newOrder();
    const added = aReturn({ aliases: [alias], state, returnLineItems: returnLines({ L1: 2, L2: 1 }) });
    expect((await returns.write(orderId, [added])).errors).toBeUndefined();
    expect(await returns.read(orderId)).toMatchObject([
      {
        id: expect.any(String),
        state,
        aliases: [alias],
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        returnReasonTerm: null,
        returnPackageDetails: [],
        returnLineItems: [
          { id: expect.any(String), orderLineItem: { lineItem: { id: 'L1' }, amount: { unit: 'ONE', value: 2 } }, grading: null },
          { returnFor: { orderLineItemAmounts: [{ lineItem: { id: 'L2' }, amount: { unit: 'ONE', value: 1 } }] } },
        ],
      },
    ]);
  });

  it('8.2.17 an add without state is CREATED, without alias it has none', async () => {
    const orderId = await rig.newOrder();
    await returns.write(orderId, [{ returnLineItems: returnLines({ L1: 1 }) }]);
    expect(await returns.read(orderId)).toMatchObject([{ state: 'CREATED', aliases: [] }]);
  });

  it('8.2.17 an order may have several, each for part of a line', async () => {
    const orderId = await rig.newOrder();
    await returns.write(orderId, [
      aReturn({ aliases: [alias] }),
      aReturn({ aliases: [aReturnAlias('oms-2')], returnLineItems: returnLines({ L1: 3 }) }),
    ]);
    expect((await returns.read(orderId)).map(({ returnFor }) => returnFor)).toMatchObject([
      { orderLineItems: [{ amount: { value: 1 } }] },
      { orderLineItems: [{ amount: { value: 3 } }] },
    ]);
  });

  it('8.2.18 CANCELLED on add is a ValidationError', async () => {
    const orderId = await rig.newOrder();
    isRefused(await returns.write(orderId, [aReturn({ state: 'CANCELLED' })]), 'returns.details[0].state');
    expect(await returns.read(orderId)).toEqual([]);
  });

  it.each([
    { what: 'an unknown line', lines: returnLines({ L9: 1 }), field: 'orderLineItemAmounts[0].lineItemId.id' },
    { what: 'a line by its alias', lines: returnLines({ 'ext-L1': 1 }), field: 'orderLineItemAmounts[0].lineItemId.id' },
    { what: 'more units than were ordered', lines: returnLines({ L1: 5 }), field: 'orderLineItemAmounts[0].amount.value' },
    { what: 'no unit', lines: returnLines({ L1: 0 }), field: 'amount.value' },
    { what: 'part of a unit', lines: returnLines({ L1: '0.5' }), field: 'amount.value' },
    { what: 'less than nothing', lines: returnLines({ L1: -1 }), field: 'amount.value' },
    {
      what: 'more units than were ordered over two entries',
      lines: [...returnLines({ L1: 3 }), ...returnLines({ L1: 2 })],
      field: 'returnLineItems',
    },
    { what: 'another unit', lines: unitOf('KILOGRAM'), field: 'amount.unit' },
    { what: 'no line', lines: [], field: 'returnLineItems' },
  ])('8.2.17 $what is a ValidationError that names the field', async ({ lines, field }) => {
    const orderId = await rig.newOrder();
    isRefused(await returns.write(orderId, [aReturn({ returnLineItems: lines })]), field);
    expect(await returns.read(orderId)).toEqual([]);
  });

  it('8.2.17 units that another return holds may be added, unless overlappingReturns is none; a cancelled return holds none', async () => {
    const orderId = await rig.newOrder();
    await addExternal(orderId, { returnLineItems: returnLines({ L1: 4 }) });
    expect((await returns.write(orderId, [aReturn()])).errors).toBeUndefined();
    await rig.admin('PUT', '/switches', { overlappingReturns: 'none' });
    const other = await rig.newOrder();
    const held = await addExternal(other, { returnLineItems: returnLines({ L1: 4 }) });
    isRefused(await returns.write(other, [aReturn()]), 'expected at most 0 units of line L1, got 1');
    await returns.write(other, [{ returnIdentifier: { id: held }, state: 'CANCELLED' }]);
    expect((await returns.write(other, [aReturn()])).errors).toBeUndefined();
  });
});

describe('updating an external return', () => {
  it.each(['CREATED', 'CANCELLED', 'COMPLETED'])('8.2.17 it becomes %s by its id and by its alias', async (state) => {
    const orderId = await rig.newOrder();
    const id = await addExternal(orderId);
    expect((await returns.write(orderId, [{ returnIdentifier: { id }, state }])).errors).toBeUndefined();
    expect(await returns.read(orderId)).toMatchObject([{ id, state, aliases: [alias] }]);
    const other = await rig.newOrder();
    await addExternal(other);
    expect((await returns.write(other, [{ ...byAlias, state }])).errors).toBeUndefined();
    expect(await returns.read(other)).toMatchObject([{ state, returnLineItems: [{ orderLineItem: { lineItem: { id: 'L1' } } }] }]);
  });

  it('8.2.17 a sent list of aliases replaces the old one, an empty one clears it, none keeps it', async () => {
    const orderId = await rig.newOrder();
    const id = await addExternal(orderId, { aliases: [alias, aReturnAlias('shop-1', 'SHOP')] });
    const returnIdentifier = { id };
    await returns.write(orderId, [{ returnIdentifier, aliases: [aReturnAlias('oms-2')] }]);
    expect(await returns.read(orderId)).toMatchObject([{ aliases: [aReturnAlias('oms-2')], state: 'CREATED' }]);
    await returns.write(orderId, [{ returnIdentifier, state: 'COMPLETED' }]);
    expect(await returns.read(orderId)).toMatchObject([{ aliases: [aReturnAlias('oms-2')] }]);
    await returns.write(orderId, [{ returnIdentifier, aliases: [] }]);
    expect(await returns.read(orderId)).toMatchObject([{ aliases: [], state: 'COMPLETED' }]);
    isRefused(await returns.write(orderId, [{ ...byAlias, state: 'COMPLETED' }]), 'no return with alias');
  });

  it('8.2.17 steps are refused as the refusedReturnSteps switch says; without it none is', async () => {
    const orderId = await rig.newOrder();
    const returnIdentifier = { id: await addExternal(orderId, { state: 'COMPLETED' }) };
    expect((await returns.write(orderId, [{ returnIdentifier, state: 'CREATED' }])).errors).toBeUndefined();
    await rig.admin('PUT', '/switches', { refusedReturnSteps: ['CREATED>CANCELLED'] });
    isRefused(await returns.write(orderId, [{ returnIdentifier, state: 'CANCELLED' }]), 'CREATED to CANCELLED is not allowed');
    expect(await returns.read(orderId)).toMatchObject([{ state: 'CREATED' }]);
  });

  it.each([
    { what: 'lines', entry: { ...byAlias, state: 'COMPLETED', returnLineItems: returnLines({ L1: 1 }) }, field: 'returnLineItems' },
    { what: 'an empty list of lines', entry: { ...byAlias, state: 'COMPLETED', returnLineItems: [] }, field: 'returnLineItems' },
    { what: 'neither state nor aliases', entry: byAlias, field: 'expected state or aliases' },
    { what: 'an unknown id', entry: { returnIdentifier: { id: 'rt-none' }, state: 'COMPLETED' }, field: 'returnIdentifier' },
    { what: 'an unknown alias', entry: { returnIdentifier: { alias: aReturnAlias('x') }, state: 'COMPLETED' }, field: 'returnIdentifier' },
    {
      what: 'a known alias id of another type',
      entry: { returnIdentifier: { alias: aReturnAlias('oms-1', 'T') }, state: 'COMPLETED' },
      field: 'returnIdentifier',
    },
    { what: 'an empty identifier', entry: { returnIdentifier: {}, state: 'COMPLETED' }, field: 'exactly one of id and alias, got 0' },
    { what: 'id and alias', entry: { returnIdentifier: { id: 'rt-1', alias }, state: 'COMPLETED' }, field: 'exactly one of id and alias, got 2' },
  ])('8.2.17 an update with $what is a ValidationError that names the field', async ({ entry, field }) => {
    const orderId = await rig.newOrder();
    await addExternal(orderId);
    isRefused(await returns.write(orderId, [entry]), field);
    expect(await returns.read(orderId)).toMatchObject([{ state: 'CREATED', aliases: [alias] }]);
  });

  it('8.2.17 one return twice in a call is a ValidationError', async () => {
    const orderId = await rig.newOrder();
    const id = await addExternal(orderId);
    const both = [
      { returnIdentifier: { id }, state: 'COMPLETED' },
      { ...byAlias, state: 'CANCELLED' },
    ];
    isRefused(await returns.write(orderId, both), 'addressed twice');
    expect(await returns.read(orderId)).toMatchObject([{ state: 'CREATED' }]);
  });

  it('8.2.17 a return of another order is not found', async () => {
    const id = await addExternal(await rig.newOrder());
    isRefused(await returns.write(await rig.newOrder(), [{ returnIdentifier: { id }, state: 'COMPLETED' }]), `no return ${id}`);
  });
});

describe('the documented errors', () => {
  const three = [alias, aReturnAlias('oms-2'), aReturnAlias('oms-3')];

  it('8.2.18 more than two aliases are AliasLimitExceeded, on add and on update', async () => {
    const orderId = await rig.newOrder();
    expect(firstError(await returns.write(orderId, [aReturn({ aliases: three })]))).toMatchObject({ errorCode: 'AliasLimitExceeded' });
    const returnIdentifier = { id: await addExternal(orderId) };
    expect(firstError(await returns.write(orderId, [{ returnIdentifier, aliases: three }]))).toMatchObject({ errorCode: 'AliasLimitExceeded' });
    expect((await returns.write(orderId, [{ returnIdentifier, aliases: three.slice(1) }])).errors).toBeUndefined();
  });

  it('8.2.18 an alias id of another return is AliasValueAlreadyExists: adding the same one again as well', async () => {
    const orderId = await rig.newOrder();
    await addExternal(orderId);
    const answers = [
      await returns.write(orderId, [aReturn({ aliases: [alias] })]),
      await returns.write(orderId, [aReturn({ aliases: [aReturnAlias('oms-1', 'OTHER-TYPE')] })]),
    ];
    for (const answer of answers) {
      expect(firstError(answer)).toMatchObject({
        errorType: 'ValidationError',
        errorCode: 'AliasValueAlreadyExists',
        message: expect.stringContaining('returns.details[0].aliases[0]'),
      });
    }
    expect(await returns.read(orderId)).toHaveLength(1);
  });

  it('8.2.18 an alias that one return gives up in a call may go to the next', async () => {
    const orderId = await rig.newOrder();
    const returnIdentifier = { id: await addExternal(orderId) };
    expect((await returns.write(orderId, [{ returnIdentifier, aliases: [] }, aReturn({ aliases: [alias] })])).errors).toBeUndefined();
    expect((await returns.read(orderId)).map(({ aliases }) => aliases)).toEqual([[], [alias]]);
  });

  it('8.2.18 an alias id twice in one call is DuplicateAliasId, and the same one on a return of another order no conflict', async () => {
    const orderId = await rig.newOrder();
    const twice = [aReturn({ aliases: [alias] }), aReturn({ aliases: [alias] })];
    expect(firstError(await returns.write(orderId, twice))).toMatchObject({ errorCode: 'DuplicateAliasId' });
    await addExternal(orderId);
    expect(await addExternal(await rig.newOrder())).toEqual(expect.any(String));
  });

  it.each([
    { what: 'its state', change: { state: 'COMPLETED' } },
    { what: 'its aliases', change: { aliases: [alias] } },
  ])('8.2.18 a write of $what to a return that the shopper opened is a ValidationError, by id and by alias', async ({ change }) => {
    const orderId = await rig.newOrder();
    const id = await returns.open(orderId, { aliases: [aReturnAlias('bwp-1')] });
    for (const returnIdentifier of [{ id }, { alias: aReturnAlias('bwp-1') }]) {
      isRefused(await returns.write(orderId, [{ returnIdentifier, ...change }]), 'opened through Buy with Prime');
    }
    expect(await returns.read(orderId)).toMatchObject([{ id, state: 'CREATED', aliases: [aReturnAlias('bwp-1')] }]);
  });
});

function unitOf(unit: string): Json[] {
  return [{ returnFor: { orderLineItemAmounts: [{ lineItemId: { id: 'L1' }, amount: { value: 1, unit } }] } }];
}
