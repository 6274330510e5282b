import type { GateCommand, GateOf, ReserveRequest } from '../contracts/money-gate.ts';
import { decimalsOf } from '../domain/currency.ts';
import { expectCommand, refusedCommand } from './command-checks.ts';

/** Whoever sent it may have sent anything. @throws ApplicationFailure that names the field and the fix. */
export function expectGateCommand({ product }: GateOf, command: GateCommand): void {
  expectCommand(command);
  const { orderId } = command;
  if (orderId === undefined) return;
  if (product === null) throw refusedCommand('orderId: leave it out here, or send the command to the money gate of the order’s business product');
  if (typeof orderId !== 'string' || orderId === '' || orderId !== orderId.trim())
    throw refusedCommand(`orderId: expected an order id of Buy with Prime, or nothing for the whole product, found ${JSON.stringify(orderId)}`);
}

/** @throws ApplicationFailure as above; a gate that stops very many single orders takes no more of them. */
export function expectStop(of: GateOf, command: GateCommand, isCrowded: boolean): void {
  expectGateCommand(of, command);
  if (isCrowded && command.orderId !== undefined)
    throw refusedCommand('orderId: too many single orders are stopped already; leave it out to stop the product');
}

/** @throws ApplicationFailure as above. */
export function expectReserve({ product }: GateOf, request: ReserveRequest): void {
  if (typeof request !== 'object' || request === null)
    throw refusedCommand('expected {"at", "key", "currency", "minor", "cap"}; only coordinators ask');
  const { at, key, currency, minor, cap } = request;
  for (const field of ['businessProductId', 'orderId'] as const)
    if (typeof at?.[field] !== 'string' || at[field] === '')
      throw refusedCommand(`at.${field}: expected an id, found ${JSON.stringify(at?.[field])}`);
  if (product !== null && at.businessProductId !== product)
    throw refusedCommand(`at.businessProductId: expected ${product}, whose gate this is, found ${at.businessProductId}`);
  if (typeof key !== 'string' || key === '') throw refusedCommand(`key: expected the payment's key, found ${JSON.stringify(key)}`);
  if (!isCurrency(currency)) throw refusedCommand(`currency: expected an ISO 4217 code such as "USD", found ${JSON.stringify(currency)}`);
  if (!isMinor(minor)) throw refusedCommand(`minor: expected whole minor units, zero or more, found ${JSON.stringify(minor)}`);
  if (cap !== null && !isMinor(cap)) throw refusedCommand(`cap: expected whole minor units, zero or more, or null, found ${JSON.stringify(cap)}`);
}

const isMinor = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isCurrency(code: unknown): boolean {
  try {
    return typeof code === 'string' && decimalsOf(code) >= 0;
  } catch {
    return false;
  }
}
