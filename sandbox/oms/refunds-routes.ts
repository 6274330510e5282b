import type { FastifyInstance, FastifyRequest } from 'fastify';
import { etagOf, invalid, Refusal } from './answer.ts';
import type { Database } from './database.ts';
import { type Exchange, serve } from './exchange.ts';
import { ledgerOnWire, readLedger } from './ledger.ts';
import { findRefund, payRefund, readAsked, recordRefund, voidRefund } from './refunds.ts';
import { parseShape, payRequest, recordRequest } from './request-shapes.ts';

type OfOrder = { orderId: string };
type OfRefund = { orderId: string; key: string };

const pathOf = <Path>(request: FastifyRequest): Path => request.params as Path;

/** The ledger of an order and what may be done to it: the part of the contract that moves money. */
export function addRefundRoutes(app: FastifyInstance, db: Database, exchange: Exchange): void {
  app.get(
    '/orders/:orderId/refunds',
    serve(exchange, 'getLedger', async (request) => {
      const { orderId } = pathOf<OfOrder>(request);
      const ledger = await readLedger(db, orderId);
      return { status: 200, headers: { etag: etagOf(ledger.version) }, body: ledgerOnWire(orderId, ledger) };
    }),
  );
  app.put(
    '/orders/:orderId/refunds/:key',
    serve(exchange, 'putRefund', async (request) => {
      const expectedVersion = expectedVersionOf(request);
      return payRefund(db, pathOf<OfRefund>(request), expectedVersion, readAsked(parseShape(payRequest, request.body)));
    }),
  );
  app.get(
    '/orders/:orderId/refunds/:key',
    serve(exchange, 'getRefund', async (request) => findRefund(db, pathOf<OfRefund>(request))),
  );
  app.delete(
    '/orders/:orderId/refunds/:key',
    serve(exchange, 'deleteRefund', async (request) => voidRefund(db, pathOf<OfRefund>(request))),
  );
  app.put(
    '/orders/:orderId/recorded-refunds/:bwpRefundId',
    serve(exchange, 'recordRefund', async (request) =>
      recordRefund(db, pathOf<{ orderId: string; bwpRefundId: string }>(request), parseShape(recordRequest, request.body)),
    ),
  );
}

function expectedVersionOf(request: FastifyRequest): string {
  const header = request.headers['if-match'];
  if (header === undefined) {
    throw new Refusal(428, { code: 'PRECONDITION_REQUIRED', message: 'expected If-Match with the ledger version that GET …/refunds gave as ETag' });
  }
  const version = /^"([^"]+)"$/.exec(header.trim())?.[1];
  if (version === undefined) throw invalid('If-Match', `expected one quoted version such as "17", got ${header}`);
  return version;
}
