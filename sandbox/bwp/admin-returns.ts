import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { control, orderOf } from './control.ts';
import { gradeLine, gradeSchema } from './grading.ts';
import type { OrderRecord } from './order-record.ts';
import { changeReturn, openReturns } from './return-control.ts';
import { returnChangeSchema, returnRequestSchema } from './return-intake.ts';
import { returnPackageChangeSchema } from './return-package-intake.ts';
import { changePackage, movePackage, packageMoveSchema } from './return-package-move.ts';
import type { Sandbox } from './sandbox.ts';

type AtOrder = { Params: { orderId: string } };
type AtReturn = { Params: { orderId: string; returnId: string } };
type AtPackage = { Params: { orderId: string; returnId: string; packageId: string } };
type AtLine = { Params: { orderId: string; returnId: string; returnLineId: string } };

/** Controls of returns that shoppers open through Buy with Prime, from draft to grading (domain.md 3). */
export function registerReturns(scope: FastifyInstance, sandbox: Sandbox): void {
  scope.post<AtOrder>('/orders/:orderId/returns', async ({ params: { orderId }, body }, reply) => {
    const requests = z
      .array(returnRequestSchema)
      .min(1)
      .parse(Array.isArray(body) ? body : [body ?? {}])
      .map((request) => ({ ...request, id: request.id ?? `rt-${randomUUID()}` }));
    const open = (order: OrderRecord) => openReturns(order, requests, sandbox.switches);
    open(orderOf(sandbox, orderId)); // one that cannot be opened is refused at once, whatever the delay
    return control(sandbox, reply, { orderId, effect: open, status: 201, known: { returnIds: requests.map(({ id }) => id) } });
  });

  scope.patch<AtReturn>('/orders/:orderId/returns/:returnId', async ({ params: { orderId, returnId }, body }, reply) => {
    const change = returnChangeSchema.parse(body ?? {});
    return control(sandbox, reply, { orderId, effect: (order) => changeReturn(order, returnId, change, sandbox.switches) });
  });

  scope.patch<AtPackage>('/orders/:orderId/returns/:returnId/packages/:packageId', async ({ params: { orderId, ...place }, body }, reply) => {
    const change = returnPackageChangeSchema.parse(body ?? {});
    return control(sandbox, reply, { orderId, effect: (order) => changePackage(order, place, change, sandbox.switches) });
  });

  scope.post<AtPackage>('/orders/:orderId/returns/:returnId/packages/:packageId/move', async ({ params: { orderId, ...place }, body }, reply) => {
    const move = packageMoveSchema.parse(body ?? {});
    return control(sandbox, reply, { orderId, effect: (order) => movePackage(order, place, move, sandbox.switches) });
  });

  scope.post<AtLine>('/orders/:orderId/returns/:returnId/lines/:returnLineId/grade', async ({ params: { orderId, ...place }, body }, reply) => {
    const grade = gradeSchema.parse(body ?? {});
    return control(sandbox, reply, { orderId, effect: (order) => gradeLine(order, place, grade, sandbox.switches) });
  });
}
