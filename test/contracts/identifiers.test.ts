import { describe, expect, it } from '@jest/globals';
import { externalRefundWorkflowId, orderWorkflowId, refundWorkflowId } from '../../src/contracts/identifiers.ts';
import { attributeText } from '../../src/contracts/search-attributes.ts';
import { shortSummary } from '../../src/contracts/short-summary.ts';
import { refundId } from '../../src/domain/ids.ts';
import { AT } from '../support/builders.ts';

const far = (last: string): string => `${'x'.repeat(4000)}${last}`;
const HALF = '\ud800';

describe('a workflow id', () => {
  it('is made of encoded ids, so that no id can look like two', () => {
    expect(refundWorkflowId(AT, refundId('rf:1#RF'))).toBe('refund:bp-1:order-1:rf%3A1%23RF');
  });

  it('stays within what Temporal takes, whatever the OMS calls its refunds', () => {
    for (const id of [far('a'), '€'.repeat(100), HALF, `${HALF}${far('')}`]) {
      expect(externalRefundWorkflowId(AT, id).length).toBeLessThanOrEqual(255);
    }
    expect(externalRefundWorkflowId(AT, far('a'))).toMatch(/^external-refund:bp-1:order-1:~[0-9a-f]{16}$/);
  });

  it('tells apart ids that differ only where they are cut', () => {
    expect(externalRefundWorkflowId(AT, far('a'))).not.toBe(externalRefundWorkflowId(AT, far('b')));
    expect(externalRefundWorkflowId(AT, HALF)).not.toBe(externalRefundWorkflowId(AT, '\ud801'));
  });

  it('stays short where the order itself is called at length', () => {
    expect(orderWorkflowId({ ...AT, orderId: far('a') as typeof AT.orderId }).length).toBeLessThanOrEqual(255);
  });
});

describe('what the lists show of an id', () => {
  it('has at most 255 characters and still tells ids apart', () => {
    expect(attributeText('rf-1')).toBe('rf-1');
    expect(attributeText(far('a'))).toHaveLength(255);
    expect(attributeText(far('a'))).not.toBe(attributeText(far('b')));
  });

  it('is a summary even of half characters', () => {
    expect(shortSummary(`Refund ${HALF} of order 1`)).toBe('Refund \ufffd of order 1');
    expect(Buffer.byteLength(shortSummary(far('€')))).toBeLessThanOrEqual(200);
  });
});
