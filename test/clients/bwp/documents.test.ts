import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, coerceInputValue, type GraphQLInputType, isInputType, parse, type TypeNode, typeFromAST, validate } from 'graphql';
import { type BwpApiVersion, DIALECTS } from '../../../src/clients/bwp/documents.ts';
import { orderId } from '../../../src/domain/ids.ts';

const schema = buildSchema(readFileSync(new URL('../../../sandbox/bwp/schema.graphql', import.meta.url), 'utf8'));
const versions = Object.keys(DIALECTS) as BwpApiVersion[];
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

describe.each(versions)('the documents of %s', (version) => {
  const { readOrder, updateRefund } = DIALECTS[version];
  const operations = [
    { name: 'readOrder', document: readOrder.document, variables: readOrder.variables(orderId('ORD-1')) },
    { name: 'updateRefund', document: updateRefund.document, variables: updateRefund.variables(orderId('ORD-1'), refund) },
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

  it('names the order in one place only', () => {
    const named = JSON.stringify(operations[1]?.variables).match(/ORD-1/g);
    expect(named).toHaveLength(1);
  });
});

function inputType(node: TypeNode): GraphQLInputType {
  const type = typeFromAST(schema, node as never);
  if (!isInputType(type)) throw new Error(`expected an input type, got ${String(type)}`);
  return type;
}
