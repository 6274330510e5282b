import { describe, expect, it } from '@jest/globals';
import { EXTERNAL_RETURN_STEPS, NEW_EXTERNAL_REFUND, REFUND_STEPS, RETURN_PACKAGES } from '../../src/domain/states.ts';

/** Cells of a table as `row to column`, by what they say. */
function cellsBy(
  steps: Readonly<Record<string, Readonly<Record<string, { readonly may: string; readonly evidence: string }>>>>,
): Record<string, string[]> {
  const cells: Record<string, string[]> = {};
  for (const [shown, row] of Object.entries(steps)) {
    for (const [next, { may, evidence }] of Object.entries(row)) {
      const said = `${may}, ${evidence}`;
      cells[said] = [...(cells[said] ?? []), `${shown} to ${next}`];
    }
  }
  return cells;
}

describe('what a state table says is documented or inferred', () => {
  it('of the steps of a refund', () => {
    expect(cellsBy(REFUND_STEPS)).toEqual({
      'yes, documented': [
        'PENDING to PENDING',
        'PENDING to PARTIAL',
        'PENDING to FAILURE',
        'PENDING to SUCCESS',
        'PARTIAL to PARTIAL',
        'PARTIAL to SUCCESS',
        'FAILURE to PARTIAL',
        'FAILURE to FAILURE',
        'FAILURE to SUCCESS',
        'SUCCESS to SUCCESS',
      ],
      'by_policy, inferred': ['PENDING to REJECTED', 'PARTIAL to REJECTED', 'FAILURE to REJECTED', 'SUCCESS to REJECTED'],
      'no, documented': [
        'PARTIAL to PENDING',
        'PARTIAL to FAILURE',
        'FAILURE to PENDING',
        'SUCCESS to PENDING',
        'SUCCESS to PARTIAL',
        'SUCCESS to FAILURE',
      ],
      'no, inferred': ['REJECTED to PENDING', 'REJECTED to PARTIAL', 'REJECTED to FAILURE', 'REJECTED to SUCCESS'],
      'yes, inferred': ['REJECTED to REJECTED'],
    });
  });

  it('of the steps of an external return, all inferred', () => {
    expect(Object.keys(cellsBy(EXTERNAL_RETURN_STEPS)).sort()).toEqual(['no, inferred', 'yes, inferred']);
    expect(cellsBy(EXTERNAL_RETURN_STEPS)['yes, inferred']).toEqual([
      'CREATED to CREATED',
      'CREATED to COMPLETED',
      'CREATED to CANCELLED',
      'COMPLETED to COMPLETED',
      'CANCELLED to CANCELLED',
    ]);
  });

  it('of the state in which an external refund may be added: never REJECTED', () => {
    expect(cellsBy({ new: NEW_EXTERNAL_REFUND })).toEqual({
      'yes, documented': ['new to PENDING', 'new to PARTIAL', 'new to FAILURE', 'new to SUCCESS'],
      'no, inferred': ['new to REJECTED'],
    });
  });

  it('of the packages of a return, by each spelling that is seen, and what they have behind them', () => {
    expect(RETURN_PACKAGES.map(({ state, spellings, reached, evidence }) => [state, spellings, reached, evidence])).toEqual([
      ['CREATED', ['CREATED'], [], 'documented'],
      ['DROPPED_OFF', ['DROPPED_OFF'], ['dropped_off'], 'documented'],
      ['IN_TRANSIT', ['IN_TRANSIT'], ['dropped_off'], 'inferred'],
      ['DELIVERED', ['DELIVERED', 'COMPLETED'], ['dropped_off', 'delivered'], 'documented'],
      ['FAILED', ['FAILED'], [], 'inferred'],
    ]);
  });
});
