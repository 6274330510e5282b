import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, coerceInputValue, type GraphQLInputType, isInputType, parse, type TypeNode, typeFromAST, validate } from 'graphql';
import { type BwpApiVersion, dialectOf } from '../../../src/clients/bwp/documents.ts';
import { newRefundInput, newReturnInput, returnInput } from '../../../src/clients/bwp/order-input.ts';
import { lineId, orderId, returnId } from '../../../src/domain/ids.ts';
import { anUpdate } from './rig.ts';

const schema = buildSchema(readFileSync(new URL('../../../sandbox/bwp/schema.graphql', import.meta.url), 'utf8'));
const versions: readonly BwpApiVersion[] = ['2024-11-01', '2024-04-01', '2024-01-01'];
const dialects = versions.flatMap((version) => [true, false].map((readsCauses) => ({ version, readsCauses })));
const refund = {
  id: 'rf-1',
  state: 'PARTIAL',
  refundTotal: { totalAmount: { amount: '4.00', currencyCode: 'USD' } },
  aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'oms-1' }],
  refundStatusReason: 'PARTIALLY_DECLINED',
  paymentDetails: [
    {
      id: 'p-1',
      amount: { amount: '4.00', currencyCode: 'USD' },
      paymentMethod: { displayString: 'Visa ending in 1234', type: 'AMAZON_PAY' },
      state: 'SUCCESS',
      createdAt: '2025-03-04T10:15:00Z',
    },
  ],
};

const ofOms = { aliasType: 'EXTERNAL-RETURN-ID', aliasId: 'er-1' };
const added = newReturnInput({ state: 'CREATED', aliases: [ofOms], lines: [{ lineId: lineId('line-1'), units: 2 }] });
const changed = returnInput(returnId('rt-1'), { state: 'CANCELLED', aliases: [] });
const addedRefund = newRefundInput(
  {
    ...anUpdate({ alias: { aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'er-1' } }),
    lines: [
      { lineId: lineId('line-1'), units: 2 },
      { lineId: lineId('line-2'), units: null },
    ],
  },
  'string',
);

describe.each(dialects)('the documents of $version, causes read: $readsCauses', ({ version, readsCauses }) => {
  const { readOrder, updateRefund, updateReturn } = dialectOf(version, { readsCauses });
  const operations = [
    { name: 'readOrder', document: readOrder.document, variables: readOrder.variables(orderId('ORD-1')) },
    { name: 'updateRefund', document: updateRefund.document, variables: updateRefund.variables(orderId('ORD-1'), refund) },
    { name: 'addRefund', document: updateRefund.document, variables: updateRefund.variables(orderId('ORD-1'), addedRefund) },
    { name: 'addReturn', document: updateReturn.document, variables: updateReturn.variables(orderId('ORD-1'), added) },
    { name: 'updateReturn', document: updateReturn.document, variables: updateReturn.variables(orderId('ORD-1'), changed) },
  ];

  it.each(operations)('$name fits the schema', ({ document }) => {
    expect(validate(schema, parse(document))).toEqual([]);
  });

  it.each(operations)('$name is sent with the variables it declares, in the shape of the schema', ({ document, variables }) => {
    const [operation] = parse(document).definitions;
    const declared = operation?.kind === 'OperationDefinition' ? (operation.variableDefinitions ?? []) : [];
    expect(declared.map(({ variable }) => variable.name.value).sort()).toEqual(Object.keys(variables).sort());
    for (const { variable, type } of declared) {
      expect(() => coerceInputValue(variables[variable.name.value], inputType(type))).not.toThrow();
    }
  });

  it.each(operations)('$name names the order in one place only', ({ variables }) => {
    expect(JSON.stringify(variables).match(/ORD-1/g)).toHaveLength(1);
  });

  it.each(operations)('$name asks what a refund was opened for only where that is switched on', ({ document }) => {
    const asks = document.includes('causedBy');
    expect(asks).toBe(readsCauses && document.includes('refundFor'));
  });
});

function inputType(node: TypeNode): GraphQLInputType {
  const type = typeFromAST(schema, node as never);
  if (!isInputType(type)) throw new Error(`expected an input type, got ${String(type)}`);
  return type;
}
