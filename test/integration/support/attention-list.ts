import { ATTRIBUTE } from '../../../src/contracts/search-attributes.ts';
import { eventually } from './eventually.ts';
import type { World } from './world.ts';

/** Why sagas of an order are on the list of what needs attention, as the Web UI and `saga list` find them: by search attributes. */
async function reasons({ env }: World, order: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { typedSearchAttributes } of env.client.workflow.list({ query: `NeedsAttention = true AND OrderId = '${order}'` })) {
    found.push(typedSearchAttributes.get(ATTRIBUTE.attentionReason) ?? 'no reason');
  }
  return found.sort();
}

/** Until just these reasons are on the list: it lags behind the sagas a little. */
export const listed = (world: World, order: string, ...expected: readonly string[]): Promise<readonly string[]> =>
  eventually(
    () => reasons(world, order),
    (found) => found.join() === expected.toSorted().join(),
  );
