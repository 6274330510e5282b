import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Entry, Wire } from './oms-under-test.ts';

type Hop = { method: string; path: string; ifMatch: string | undefined; body: string };
type Reply = { status: number; headers: Record<string, string>; body: string };
type Pass = (hop: Hop) => Promise<Reply>;
/** Stands between the caller and the real OMS, and gets one thing wrong. */
export type Bug = (hop: Hop, pass: Pass) => Promise<Reply>;

/** A facade in front of a real OMS with one planted bug; without one it only passes on. */
export async function startFacade(upstream: string, bug: Bug = (hop, pass) => pass(hop)) {
  const pass: Pass = async ({ method, path, ifMatch, body }) => {
    const answer = await fetch(upstream + path, {
      method,
      headers: { ...(body === '' ? {} : { 'content-type': 'application/json' }), ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) },
      ...(body === '' ? {} : { body }),
    });
    const headers = Object.fromEntries(
      ['etag', 'retry-after', 'content-type'].flatMap((name) => (answer.headers.has(name) ? [[name, String(answer.headers.get(name))]] : [])),
    );
    return { status: answer.status, headers, body: await answer.text() };
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const hop = { method: request.method ?? '', path: request.url ?? '', ifMatch: request.headers['if-match'], body };
      const reply = await bug(hop, pass);
      response.writeHead(reply.status, reply.headers).end(reply.body);
    } catch {
      response.destroy(); // the caller broke off, or the OMS did by a fault
    }
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

const ofKey = (hop: Hop): boolean => /^\/orders\/[^/]+\/refunds\/[^/]+$/.test(hop.path);
const isPut = (hop: Hop): boolean => hop.method === 'PUT' && ofKey(hop);
const isLook = (hop: Hop): boolean => hop.method === 'GET' && ofKey(hop);
const isLedger = (hop: Hop): boolean => hop.method === 'GET' && /^\/orders\/[^/]+\/refunds$/.test(hop.path);
const ledgerOf = (hop: Hop): Hop => ({ method: 'GET', path: hop.path.replace(/\/refunds.*$/, '/refunds'), ifMatch: undefined, body: '' });
const lookOf = (hop: Hop): Hop => ({ method: 'GET', path: hop.path, ifMatch: undefined, body: '' });
const versionNow = async (hop: Hop, pass: Pass): Promise<string> => (await pass(ledgerOf(hop))).headers['etag'] ?? '';
const json = (status: number, body: unknown): Reply => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Resolves for the first once the second is there as well, so that a race is not left to chance. */
function meetingOfTwo(): () => Promise<void> {
  let arrive = (): void => {};
  const second = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === 2) arrive();
    return second;
  };
}

/** Bugs that real facades have, the check that must find each, and a part of what it must say. */
export const BUGS: { readonly bug: string; readonly foundBy: string; readonly says: string; readonly plant: () => Bug }[] = [
  {
    bug: 'a repeat pays a second time and answers as if it had not',
    foundBy: 'same key, same amount',
    says: 'expected one ledger entry for one key, got 2',
    plant: () => async (hop, pass) => {
      if (!isPut(hop) || (await pass(lookOf(hop))).status !== 200) return pass(hop);
      await pass({ ...hop, path: `${hop.path}-again`, ifMatch: await versionNow(hop, pass) });
      return pass(lookOf(hop));
    },
  },
  {
    bug: 'keys are looked up before the call and not while it is made, so that twins both pay',
    foundBy: 'same key sent eight times at once',
    says: 'expected one ledger entry for one key, got',
    plant: () => {
      let twin = 0;
      const both = meetingOfTwo();
      return async (hop, pass) => {
        if (!isPut(hop)) return pass(hop);
        const known = await pass(lookOf(hop));
        if (known.status === 200) return known;
        await both();
        twin += 1;
        const path = twin === 1 ? hop.path : `${hop.path}-${twin}`;
        let reply = await pass({ ...hop, path });
        while (reply.status === 412) reply = await pass({ ...hop, path, ifMatch: await versionNow(hop, pass) });
        return reply;
      };
    },
  },
  {
    bug: 'a call that comes after its look-up pays again',
    foundBy: 'a request that arrives after its look-up',
    says: 'expected one ledger entry for one key, got 2',
    plant: () => async (hop, pass) => {
      if (!isPut(hop) || (await pass(lookOf(hop))).status !== 200) return pass(hop);
      await pass({ ...hop, path: `${hop.path}-late`, ifMatch: await versionNow(hop, pass) });
      return pass(lookOf(hop));
    },
  },
  {
    bug: 'the version is not compared',
    foundBy: 'stale ledger',
    says: 'the call under an old version',
    plant: () => async (hop, pass) => pass(isPut(hop) ? { ...hop, ifMatch: await versionNow(hop, pass) } : hop),
  },
  {
    bug: 'the version is compared outside the transaction',
    foundBy: 'eight refunds racing under one version',
    says: 'taken and stale',
    plant: () => {
      const both = meetingOfTwo();
      return async (hop, pass) => {
        if (!isPut(hop)) return pass(hop);
        if ((await versionNow(hop, pass)) !== hop.ifMatch) return json(412, { error: { code: 'STALE_LEDGER', message: 'stale' }, version: '' });
        await both();
        let reply = await pass(hop);
        while (reply.status === 412) reply = await pass({ ...hop, ifMatch: await versionNow(hop, pass) });
        return reply;
      };
    },
  },
  {
    bug: 'the version is compared before the key',
    foundBy: 'key look-up before version',
    says: 'got 412',
    plant: () => async (hop, pass) => {
      const version = isPut(hop) ? await versionNow(hop, pass) : hop.ifMatch;
      return version === hop.ifMatch ? pass(hop) : json(412, { error: { code: 'STALE_LEDGER', message: 'stale' }, version: version?.slice(1, -1) });
    },
  },
  {
    bug: 'a known key with another amount gives the stored answer',
    foundBy: 'same key, other amount',
    says: 'expected 409, got 200',
    plant: () => async (hop, pass) => {
      const reply = await pass(hop);
      return isPut(hop) && reply.status === 409 ? pass(lookOf(hop)) : reply;
    },
  },
  {
    bug: 'amounts go through floating point',
    foundBy: 'exact decimals',
    says: 'expected "0.29", got "0.28"',
    plant: () => (hop, pass) => {
      if (!isPut(hop) || hop.body === '') return pass(hop);
      const truncate = (amount: unknown): number => Math.trunc(Number(amount) * 100) / 100;
      const body = JSON.parse(hop.body) as { total: unknown; payments: { amount: unknown }[] };
      const payments = body.payments.map((payment) => ({ ...payment, amount: truncate(payment.amount) }));
      return pass({ ...hop, body: JSON.stringify({ ...body, total: truncate(body.total), payments }) });
    },
  },
  {
    bug: 'the version is the sum of what was refunded',
    foundBy: 'the ETag changes with every change',
    says: 'these versions came twice',
    plant: () => async (hop, pass) => {
      const real = await pass(ledgerOf(hop));
      if (real.status !== 200 || !(isLedger(hop) || isPut(hop))) return pass(hop);
      const ledger = JSON.parse(real.body) as { entries: Entry[] };
      const version = ledger.entries.reduce((sum, { paid }) => sum + Number(paid), 0).toFixed(2);
      if (isPut(hop)) return pass({ ...hop, ifMatch: hop.ifMatch === `"${version}"` ? real.headers['etag'] : hop.ifMatch });
      return { ...real, headers: { ...real.headers, etag: `"${version}"` }, body: JSON.stringify({ ...ledger, version }) };
    },
  },
  {
    bug: 'a void of a key that is not known is answered and not kept',
    foundBy: 'void of a key not known yet',
    says: 'the late call',
    plant: () => async (hop, pass) => {
      if (hop.method !== 'DELETE' || (await pass(lookOf(hop))).status === 200) return pass(hop);
      const at = new Date().toISOString();
      const nothing = { total: '0.00', paid: '0.00', credited: false, lines: [], payouts: [], reason: null, failure: null };
      const times = { createdAt: at, updatedAt: at, endedAt: at };
      const ids = { key: decodeURIComponent(hop.path.split('/').at(-1) ?? ''), source: 'BWP', bwpRefundId: null, externalId: null };
      return json(200, { ...ids, ...nothing, ...times, state: 'VOIDED', currencyCode: 'USD' });
    },
  },
  {
    bug: 'a decline is not kept',
    foundBy: 'more than was captured',
    says: 'the look-up: expected 200, got 404',
    plant: () => async (hop, pass) => {
      const reply = await pass(hop);
      const failed = isLook(hop) && (JSON.parse(reply.body) as Wire)['state'] === 'FAILED';
      return failed ? json(404, { error: { code: 'REFUND_NOT_FOUND', message: 'no such refund' } }) : reply;
    },
  },
  {
    bug: 'units are not counted',
    foundBy: 'more units than were ordered',
    says: 'expected [422,"DECLINED"], got [201',
    plant: () => (hop, pass) => pass(isPut(hop) ? { ...hop, body: hop.body.replaceAll(/"units":\d+/g, '"units":null') } : hop),
  },
  {
    bug: 'errors are text',
    foundBy: 'error shapes',
    says: 'one decimal too many',
    plant: () => async (hop, pass) => {
      const reply = await pass(hop);
      return reply.status < 400 ? reply : { ...reply, headers: { 'content-type': 'text/plain' }, body: 'Bad Request' };
    },
  },
  {
    bug: '429 comes without Retry-After',
    foundBy: '429 carries Retry-After',
    says: 'expected Retry-After, got',
    plant: () => async (hop, pass) => {
      const reply = await pass(hop);
      return { ...reply, headers: { 'content-type': 'application/json', ...(reply.headers['etag'] ? { etag: reply.headers['etag'] } : {}) } };
    },
  },
  {
    bug: 'the ledger is read from a copy that lags behind',
    foundBy: 'echo before answer',
    says: 'does not show the entry',
    plant: () => {
      const copies = new Map<string, Reply>();
      return async (hop, pass) => {
        if (!isLedger(hop)) return pass(hop);
        const copy = copies.get(hop.path) ?? (await pass(hop));
        copies.set(hop.path, copy);
        return copy;
      };
    },
  },
  {
    bug: 'a state is shown that was left already',
    foundBy: 'status never goes back',
    says: 'paid went from',
    plant: () => async (hop, pass) => {
      const reply = await pass(hop);
      return isLook(hop)
        ? { ...reply, body: reply.body.replace('"state":"SUCCEEDED"', '"state":"PENDING"').replace(/"paid":"[^"]+"/, '"paid":"0.00"') }
        : reply;
    },
  },
  {
    bug: 'a recorded refund takes a step back',
    foundBy: 'out-of-order status',
    says: 'the smaller one again, late',
    plant: () => async (hop, pass) => {
      const reply = await pass(hop);
      return hop.path.includes('/recorded-refunds/') && reply.status === 409 ? json(200, (JSON.parse(reply.body) as Wire)['entry']) : reply;
    },
  },
  {
    bug: 'a closed part payment keeps its old total',
    foundBy: 'partial success',
    says: 'after the void',
    plant: () => async (hop, pass) => {
      const before = hop.method === 'DELETE' ? await pass(lookOf(hop)) : null;
      const reply = await pass(hop);
      const total = before?.status === 200 && (JSON.parse(before.body) as Entry).total;
      return total ? { ...reply, body: reply.body.replace(/"total":"[^"]+"/, `"total":"${total}"`) } : reply;
    },
  },
  {
    bug: 'keys are cut at a sharp sign',
    foundBy: 'keys and ids with',
    says: 'key: expected',
    plant: () => (hop, pass) => pass({ ...hop, path: hop.path.replace(/%23.*$/, '') }),
  },
  {
    bug: 'a credited refund is voided',
    foundBy: 'void of a refund',
    says: 'after the money reached the shopper',
    plant: () => async (hop, pass) => {
      const reply = await pass(hop);
      return hop.method === 'DELETE' && reply.status === 409
        ? json(200, { ...((JSON.parse(reply.body) as Wire)['entry'] as Wire), state: 'VOIDED' })
        : reply;
    },
  },
  {
    bug: 'a late telling of a return takes the place of the newer one',
    foundBy: 'a return told again',
    says: 'the older one again, late',
    plant: () => async (hop, pass) => {
      const reply = await pass(hop);
      if (hop.method !== 'PUT' || !hop.path.includes('/returns/') || reply.status !== 409) return reply;
      return pass({ ...hop, body: JSON.stringify({ ...(JSON.parse(hop.body) as Wire), version: 99 }) });
    },
  },
  {
    bug: 'returns lose what was said of their units',
    foundBy: 'returns are kept as they are told',
    says: 'what is kept',
    plant: () => (hop, pass) =>
      pass(hop.method === 'PUT' && hop.path.includes('/returns/') ? { ...hop, body: hop.body.replace(/"graded":\[[^\]]*\]/, '"graded":[]') } : hop),
  },
  {
    bug: 'the newest verdict takes the place of the first',
    foundBy: 'resolutions are kept',
    says: 'first, again, with another outcome',
    plant: () => async (hop, pass) => {
      const reply = await pass(hop);
      return hop.path.includes('/resolutions/') && reply.status === 409 ? { ...reply, status: 200 } : reply;
    },
  },
];
