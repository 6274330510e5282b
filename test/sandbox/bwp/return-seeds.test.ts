import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { returnRig } from './return-rig.ts';
import { type Answer, type Json, type Rig, startRig } from './rig.ts';

const PRODUCT = 'example-business-product-id';
const ORDER = 'example-order-id';
const LINE = 'example-line-item-id';
const RETURN = 'example-return-id';
const PACKAGE = 'example-return-package-id';

let rig: Rig;
const returns = returnRig(() => rig);
beforeAll(async () => {
  rig = await startRig({ businessProductIds: [PRODUCT] });
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** The documents of "Steps to Process Returns" in our words, as domain.md 0 corrects them. */
const text = (name: string): Promise<string> => readFile(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const json = async (name: string): Promise<Json> => JSON.parse(await text(name)) as Json;
const graphql = async (query: string, variables: unknown): Promise<Answer> => rig.graphql(await text(query), variables);

/** The same document with its times, and the ids that the sandbox gave, as one would write them oneself. */
function timeless<Document>(document: Document, ids: Readonly<Record<string, string>> = {}): Document {
  const named = Object.entries(ids).reduce((all, [given, name]) => all.replaceAll(given, name), JSON.stringify(document));
  return JSON.parse(named.replaceAll(/"\d{4}-\d\d-\d\dT[^"]*Z"/g, '"some time"')) as Document;
}

const newOrder = () => rig.newOrder({ id: ORDER, lines: [{ id: LINE, quantity: 1, price: '10.00' }] });
const openReturn = () =>
  returns.open(ORDER, {
    ...{ id: RETURN, reason: 'ITEM_DEFECTIVE', description: 'It does not work as it should', comment: 'The lamp flickers.' },
    createdAt: '2024-05-28T20:22:22.512Z',
    packages: [
      {
        ...{ id: PACKAGE, trackingNumber: '1Z-EXAMPLE-0001', carrierCode: 'ups' },
        lines: [{ id: 'example-return-line-item-id', lineItemId: LINE, units: 1 }],
      },
    ],
  });

describe('the seeds of returns', () => {
  it.each(['return-started.eventbridge.json', 'return-started.webhook.json'])(
    '4.1 %s is what the sandbox sends, but for ids and times',
    async (name) => {
      await rig.admin('PUT', '/switches', { envelope: name.includes('webhook') ? 'webhook' : 'eventbridge' });
      await newOrder();
      await openReturn();
      await rig.sandbox.idle();
      const given = { id: '', time: '', eventId: '', eventTime: '', idempotencyKey: '' };
      const seed = await json(name);
      const comparable = (event: Json): Json => Object.fromEntries(Object.entries(event).map(([key, value]) => [key, key in given ? '' : value]));
      expect(rig.receiver.bodies.map(comparable)).toEqual([comparable(seed)]);
    },
  );

  it('3.1 3.3 order-with-return.answer.json is what the sandbox answers once the return is graded', async () => {
    await rig.admin('PUT', '/switches', { deliveredAs: 'COMPLETED', mixedCaseConditions: true });
    await newOrder();
    await openReturn();
    await returns.move(ORDER, RETURN, PACKAGE, { to: 'DROPPED_OFF', refund: { id: 'example-refund-id' } }, 'IN_TRANSIT', 'DELIVERED');
    await returns.grade(ORDER, RETURN, 'example-return-line-item-id', { SELLABLE: 1 });
    const answer = await graphql('read-returns.graphql', { order: { orderId: ORDER } });
    expect(timeless(answer)).toEqual(timeless(await json('order-with-return.answer.json')));
  });

  it('3.2 add-return.answer.json is the answer to add-return.variables.json, and the two updates are taken', async () => {
    await newOrder();
    const added = await graphql('write-return.graphql', await json('add-return.variables.json'));
    const [record] = await returns.read(ORDER);
    const ids = { [String(record?.id)]: RETURN, [String(record?.returnLineItems[0]?.id)]: 'example-return-line-item-id' };
    expect(timeless(added, ids)).toEqual(timeless(await json('add-return.answer.json')));

    await graphql('write-return.graphql', await json('update-return-by-alias.variables.json'));
    expect(await returns.read(ORDER)).toMatchObject([{ state: 'COMPLETED', aliases: [{ aliasId: 'example-oms-return-id' }] }]);
    const aliases = JSON.parse((await text('update-return-aliases.variables.json')).replace(RETURN, String(record?.id))) as Json;
    await graphql('write-return.graphql', aliases);
    expect(await returns.read(ORDER)).toMatchObject([
      { state: 'COMPLETED', aliases: [{ aliasId: 'example-oms-return-id-2' }, { aliasId: 'example-shop-return-id' }] },
    ]);
  });
});
