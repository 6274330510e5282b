import type { Client } from '@temporalio/client';
import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify';
import type { BusinessProductId } from '../../domain/ids.ts';
import { expectOwn, type IdPlace, orderRef } from '../message-ids.ts';
import { answerError } from './error-answers.ts';
import { orderAnswer } from './order-answer.ts';
import { readOrder } from './order-seen.ts';

type Deps = {
  readonly client: Client;
  readonly own: ReadonlySet<BusinessProductId>;
  readonly onRequest: onRequestAsyncHookHandler;
};

const place = (name: string): IdPlace => ({ code: 'INVALID_ID', field: `path.${name}` });

/** Where an order stands, and why. */
export function addOrderRoute(app: FastifyInstance, { client, own, onRequest }: Deps): void {
  app.get<{ Params: { businessProductId: string; orderId: string } }>('/v1/products/:businessProductId/orders/:orderId', {
    onRequest,
    handler: async ({ params }, reply) => {
      const at = orderRef(params.businessProductId, params.orderId, { product: place('businessProductId'), order: place('orderId') });
      expectOwn(at, own, 'path.businessProductId');
      reply.header('cache-control', 'no-store');
      const seen = await readOrder(client, at);
      return seen === null
        ? answerError(reply, 404, 'ORDER_NOT_FOUND', 'no event of this order has come in, or it ended too long ago')
        : orderAnswer(at, seen);
    },
  });
}
