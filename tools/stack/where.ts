import { journalFolder } from './environment.ts';
import type { Stack } from './stack.ts';

/** Addresses of a stack for a person, one line each. */
export function whereEverythingIs(stack: Stack): string {
  const { urls, folder } = stack;
  const rows: readonly (readonly [what: string, where: string | null])[] = [
    ['Temporal Web UI', stack.workflowUrl()],
    ['Temporal', `${urls.temporalAddress} (namespace default)`],
    ['BwP sandbox', `${urls.bwp} (tester’s side: ${urls.bwp}/admin/orders)`],
    ['Reference OMS', `${urls.oms} (tester’s side: ${urls.oms}/admin/payouts)`],
    ['Ingress', `${urls.ingress} (POST /v1/events and /v1/oms/notices, with the token below)`],
    ['Ingress token', stack.secrets.ingressToken],
    ['OMS token', stack.secrets.omsToken],
    ['Product', stack.businessProductId],
    ['Logs', folder],
    ['Journal', journalFolder(folder)],
    ['Commands', `TEMPORAL_ADDRESS=${urls.temporalAddress} npm run -s saga -- list`],
  ];
  return rows.flatMap(([what, where]) => (where === null ? [] : [`${what.padEnd(16)} ${where}`])).join('\n');
}
