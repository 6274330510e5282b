import { lastFacts } from '../facts.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

const TRACKED = { trackingNumber: 'Santos858aea9fb7a647269239fdb16cc5a538', carrierCode: 'ups' } as const;

type ReturnIds = { readonly returned: string; readonly parcel: string; readonly line: string };
/** Those of Amazon's own page. */
export const SEED_RETURN: ReturnIds = { returned: 'example-return-id', parcel: 'example-return-package-id', line: 'example-return-line-item-id' };
const idsFor = (name: string): ReturnIds => ({ returned: `return-${name}`, parcel: `parcel-${name}`, line: `return-line-${name}` });

/** A printed label: the refund is asked for when the parcel arrives, and waits for the grading. */
export async function returnedAsNew(stage: Stage, scenario: Scenario): Promise<void> {
  const { opened, moved, graded } = aReturn(stage, scenario, SEED_RETURN);
  await opened();
  await stands(scenario, 'OPEN');
  await moved('IN_TRANSIT', TRACKED);
  await stands(scenario, 'IN_TRANSIT');
  await moved('DELIVERED', { refund: refundOf(scenario) });
  await waits(scenario);
  await graded('Sellable');
}

/** Without a label: the refund is asked for at the drop-off, long before anybody sees what comes back. */
export async function returnedDamaged(stage: Stage, scenario: Scenario): Promise<void> {
  const { opened, moved, graded } = aReturn(stage, scenario, idsFor('r'));
  await opened();
  await moved('DROPPED_OFF', { refund: refundOf(scenario) });
  await waits(scenario);
  await moved('IN_TRANSIT');
  await moved('DELIVERED');
  await stands(scenario, 'DELIVERED');
  await graded('DAMAGED');
}

/** The carrier loses the parcel. */
export async function parcelLost(stage: Stage, scenario: Scenario): Promise<void> {
  const { opened, moved } = aReturn(stage, scenario, idsFor('s'));
  await opened();
  await moved('IN_TRANSIT');
  await moved('FAILED', { reason: 'SHIPMENT_LOST', refund: null });
}

function aReturn(stage: Stage, scenario: Scenario, { returned, parcel, line }: ReturnIds) {
  const path = `/orders/${encodeURIComponent(scenario.order.id)}/returns`;
  const lineItemId = scenario.order.lines[0]?.id;
  const said = (what: string): void => stage.tell(scenario, `event  ${what}`);
  return {
    opened: async (): Promise<void> => {
      const packages = [{ id: parcel, lines: [{ id: line, lineItemId, units: 1 }] }];
      await stage.bwpAdmin('POST', path, { id: returned, reason: 'NO_LONGER_NEEDED', comment: 'Too bright.', packages });
      said('RETURN_STARTED sent: a shopper sends one back');
    },
    moved: async (to: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> => {
      await stage.bwpAdmin('POST', `${path}/${returned}/packages/${parcel}/move`, { to, ...more });
      said(`the parcel is ${to}`);
    },
    graded: async (condition: string): Promise<void> => {
      await stage.bwpAdmin('POST', `${path}/${returned}/lines/${line}/grade`, { conditions: [{ condition, units: 1 }] });
      said(`RETURN_ITEM_GRADED and RETURN_COMPLETED sent: ${condition}`);
    },
  };
}

/** As the sandbox is asked for it with a step of the parcel. */
function refundOf({ refunds: [refund] }: Scenario): Readonly<Record<string, unknown>> {
  return { id: refund?.id, estimate: refund?.estimate };
}

const stands = (scenario: Scenario, state: string): Promise<void> =>
  until(`the return of ${scenario.order.id} is ${state}`, () => lastFacts(scenario).sides[0]?.saga?.state === state);

/** The refund waits for its return, and is not paid. */
const waits = (scenario: Scenario): Promise<void> =>
  until(`the refund of ${scenario.order.id} waits for its return`, () => lastFacts(scenario).refunds[0]?.saga?.state === 'AWAITING_RETURN');
