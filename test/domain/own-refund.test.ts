import { describe, expect, it } from '@jest/globals';
import { aBwpRefund, aClaim, aLine, anEntry, anEntryLine, anOrder, line, ourAlias, ourKey, refund, someFacts, usd } from '../support/builders.ts';
import { verdict } from './verdicts.ts';

const r1 = refund('refund-1');
const marked = (state: string, over = {}) => aBwpRefund({ state, aliases: [ourAlias()], ...over });
const facts = (shown: ReturnType<typeof aBwpRefund>, ...entries: ReturnType<typeof anEntry>[]) => someFacts({ refunds: [shown], entries });

describe('a refund that we pay is followed', () => {
  it.each([
    { rule: 'while the OMS has accepted it', shown: aBwpRefund(), entry: anEntry({ state: 'PENDING' }) },
    { rule: 'while its outcome is not known', shown: aBwpRefund(), entry: anEntry({ state: 'UNKNOWN' }) },
    { rule: 'while part of it is paid and not told', shown: aBwpRefund(), entry: anEntry({ state: 'PARTIAL', paid: 4_00 }) },
    { rule: 'while part of it is paid and told', shown: marked('PARTIAL', { total: usd(4_00) }), entry: anEntry({ state: 'PARTIAL', paid: 4_00 }) },
    { rule: 'until its success is told', shown: aBwpRefund(), entry: anEntry() },
    { rule: 'from PARTIAL to SUCCESS', shown: marked('PARTIAL', { total: usd(4_00) }), entry: anEntry() },
    { rule: 'from FAILURE to SUCCESS (C16)', shown: marked('FAILURE'), entry: anEntry({ key: ourKey(r1, 2) }) },
    { rule: 'from FAILURE while the next attempt is under way', shown: marked('FAILURE'), entry: anEntry({ key: ourKey(r1, 2), state: 'PENDING' }) },
  ])('$rule', ({ shown, entry }) => {
    expect(verdict(facts(shown, entry))).toMatchObject({
      kind: 'follow',
      key: entry.key,
      entry: { state: entry.state, paid: entry.paid },
      statusReason: null,
      because: [{ rule: 'LEDGER' }],
    });
  });

  it('by the attempt that worked, though a later one failed', () => {
    const failed = anEntry({ key: ourKey(r1, 2), state: 'FAILED', createdAt: '2025-03-04T12:00:00Z' });
    expect(verdict(facts(aBwpRefund(), anEntry(), failed))).toMatchObject({ kind: 'follow', key: ourKey() });
  });

  it('by its newest attempt, told by the number where two have one time', () => {
    const entries = [anEntry({ key: ourKey(r1, 9), state: 'FAILED' }), anEntry({ key: ourKey(r1, 10), state: 'FAILED' })];
    expect(verdict(facts(aBwpRefund(), ...entries))).toMatchObject({ kind: 'declined', key: ourKey(r1, 10) });
    expect(verdict(facts(aBwpRefund(), ...entries.toReversed()))).toMatchObject({ key: ourKey(r1, 10) });
  });

  const lamps = anOrder({ lines: [aLine({ quantity: 2 })] });
  it.each([
    {
      rule: 'fewer units than were asked for',
      facts: someFacts({ captured: lamps, refunds: [aBwpRefund({ total: usd(20_00) })], entries: [anEntry()] }),
    },
    { rule: 'less than its lines were worth', facts: facts(aBwpRefund(), anEntry({ paid: 4_00 })) },
    {
      rule: 'less than its lines were worth, where what was asked cannot be read',
      facts: facts(aBwpRefund({ lines: [{ lineId: line('gone'), units: 1 }] }), anEntry({ paid: 4_00 })),
    },
    {
      rule: 'less than its lines were worth, while the OMS does not tell the order',
      facts: someFacts({ captured: null, entries: [anEntry({ paid: 4_00 })] }),
    },
    {
      rule: 'no units, an amount on the line',
      facts: facts(aBwpRefund(), anEntry({ lines: [anEntryLine({ units: null })] })),
    },
  ])('with PARTIALLY_DECLINED where it covers $rule', ({ facts: given }) => {
    expect(verdict(given)).toMatchObject({ kind: 'follow', statusReason: 'PARTIALLY_DECLINED' });
  });
});

describe('a refund that we pay is settled', () => {
  it('once Buy with Prime shows SUCCESS with what the OMS paid', () => {
    expect(verdict(facts(marked('SUCCESS'), anEntry()))).toMatchObject({ kind: 'settled', because: [{ rule: 'LEDGER' }] });
  });
});

describe('a payment for fewer units than were asked for', () => {
  const asked = aBwpRefund({ lines: [{ lineId: line('line-1'), units: 2 }], total: usd(20_00) });
  const lamp = anOrder({ lines: [aLine({ quantity: 2 })] });

  it.each(['PENDING', 'PARTIAL', 'SUCCEEDED'] as const)('is told as PARTIALLY_DECLINED in the end, though it reads %s now', (state) => {
    const given = someFacts({ captured: lamp, refunds: [asked], entries: [anEntry({ state, paid: state === 'SUCCEEDED' ? 10_00 : 0 })] });
    expect(verdict(given)).toMatchObject({ kind: 'follow', statusReason: 'PARTIALLY_DECLINED' });
  });

  it('says so while its call is under way, too', () => {
    expect(verdict(someFacts({ captured: lamp, refunds: [asked], claims: [aClaim()] }))).toMatchObject({
      kind: 'paying',
      statusReason: 'PARTIALLY_DECLINED',
    });
  });
});
