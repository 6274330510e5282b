import { describe, expect, it } from '@jest/globals';
import { asksForMoney, isOpen, openRefunds } from '../../src/domain/open-refund.ts';
import { anAmazonEntry, anEntry, anExternalEntry, ourAlias, ourKey, refund, someFacts, usd } from '../support/builders.ts';
import { asks, asksLater, mirrorAlias, r1, r2, retry } from './conflicts/lamps.ts';

const attempt = (number: number, of = r1) => anEntry({ key: ourKey(of, number), bwpRefundId: of, state: 'FAILED' });

describe('a refund is open', () => {
  it.each([
    { state: 'PENDING', open: true },
    { state: 'PARTIAL', open: true },
    { state: 'IN_REVIEW', open: true },
    { state: 'FAILURE', open: false },
    { state: 'SUCCESS', open: false },
    { state: 'REJECTED', open: false },
  ])('as long as no answer ends it: $state is open is $open', ({ state, open }) => {
    expect(isOpen(asks(1, { state }), someFacts({ entries: [attempt(1)] }))).toBe(open);
  });

  it.each([
    { rule: 'its only attempt', entries: [attempt(1)], after: ourKey(r1, 1), open: true },
    { rule: 'its last attempt', entries: [attempt(2), attempt(10), attempt(9)], after: ourKey(r1, 10), open: true },
    { rule: 'its last attempt, which came first', entries: [attempt(10), attempt(9)], after: ourKey(r1, 10), open: true },
    { rule: 'an earlier attempt', entries: [attempt(9), attempt(10)], after: ourKey(r1, 9), open: false },
    { rule: 'its last attempt, beside later ones of another refund', entries: [attempt(1), attempt(2, r2)], after: ourKey(r1, 1), open: true },
    {
      rule: 'its last attempt, beside what Amazon did',
      entries: [attempt(1), anAmazonEntry(r1, { key: 'recorded/9' })],
      after: ourKey(r1, 1),
      open: true,
    },
    { rule: 'the attempt of another', entries: [attempt(1, r2)], after: ourKey(r2, 1), open: false },
  ])('though it failed, when a person has $rule tried again: $open', ({ entries, after, open }) => {
    expect(isOpen(asks(1, { state: 'FAILURE' }), someFacts({ entries, answers: [retry(after)] }))).toBe(open);
  });
});

describe('open refunds of an order', () => {
  it('are those that BwP opened, whatever marks of ours they carry, and no records of external refunds', () => {
    const refunds = [asks(1, { aliases: [ourAlias()] }), asksLater(1), asks(1, { id: refund('mirror'), aliases: [mirrorAlias()] })];
    const given = someFacts({ refunds, entries: [anEntry({ state: 'PENDING' }), anExternalEntry()] });
    expect(openRefunds(given).map(({ id }) => id)).toEqual(['refund-1', 'refund-2']);
  });
});

describe('a refund asks for money of ours', () => {
  it.each([
    { state: 'PENDING', minor: 10_00, answers: [], asking: true },
    { state: 'FAILURE', minor: 0, answers: [retry(ourKey())], asking: true },
    { state: 'FAILURE', minor: 0, answers: [], asking: false },
    { state: 'FAILURE', minor: 4_00, answers: [retry(ourKey())], asking: false },
    { state: 'FAILURE', minor: 0, answers: [retry(ourKey(r2), { refundId: r2 })], asking: false },
    { state: 'REJECTED', minor: 0, answers: [retry(ourKey())], asking: false },
    { state: 'SUCCESS', minor: 0, answers: [retry(ourKey())], asking: false },
  ])('$state with $minor after $answers.length answers: $asking', ({ state, minor, answers, asking }) => {
    expect(asksForMoney(asks(1, { state, total: usd(minor) }), answers)).toBe(asking);
  });
});
