import { decide } from '../../../src/domain/decide.ts';
import { decisionTitle } from '../../../src/domain/explain.ts';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import { aPolicy } from '../../support/builders.ts';
import { saidOf } from './said.ts';

/** Of a return: what is done, then why; of the return of the OMS where there is one. */
export function saidOnReturn(facts: OrderFacts): readonly string[] {
  const { returns, externalReturns } = decide(facts, aPolicy());
  const [decision] = externalReturns.length > 0 ? externalReturns : returns;
  if (decision === undefined) throw new Error('no decision');
  return [decisionTitle(decision), ...saidOf(decision.because)];
}
