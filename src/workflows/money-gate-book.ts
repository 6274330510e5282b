import type { CommandAnswer } from '../contracts/commands.ts';
import type { GateAnswer, GateCommand, GateState, ReserveRequest, Stop, WaitingOrder, Waking } from '../contracts/money-gate.ts';
import type { OrderId, OrderRef } from '../domain/ids.ts';
import { moneyText } from '../domain/money.ts';
import { gateName, stopText } from './money-gate-view.ts';
import { MoneyWindow } from './money-window.ts';

const STOPS_KEPT = 200;
const COMMANDS_KEPT = 200;
/** A new run of the gate has to carry them all; those beyond are looked at again at their coordinators' own pace. */
const WAITING_KEPT = 2000;

/** Who may pay, as one gate knows it. Times are epoch milliseconds. */
export class GateBook {
  readonly #start: GateState;
  readonly #window: MoneyWindow;
  #stops: readonly Stop[];
  #waiting: readonly WaitingOrder[];
  #unlisted: number;
  #waking: readonly Waking[];
  #commands: readonly string[];

  constructor(start: GateState) {
    this.#start = start;
    this.#window = new MoneyWindow(start.window);
    this.#stops = start.stops;
    this.#waiting = start.waiting;
    this.#unlisted = start.unlisted;
    this.#waking = start.waking;
    this.#commands = start.commands;
  }

  get stopped(): boolean {
    return this.#stops.length > 0;
  }

  /** Whether another order may be stopped by itself; a new run of the gate has to carry them all. */
  get isCrowded(): boolean {
    return this.#stops.length >= STOPS_KEPT;
  }

  get hasToWake(): boolean {
    return this.#waking.length > 0;
  }

  /** Whether an order is stopped; keeps nothing. */
  standing({ orderId }: OrderRef): GateAnswer {
    const stop = this.#stopOf(orderId);
    return stop === null ? { allowed: true } : this.#refusal(stop);
  }

  /** Lets a payment through and counts it, or says why not and keeps its order to be woken. Above the cap the gate trips. */
  reserve({ at, key, currency, minor, cap }: ReserveRequest, now: number): GateAnswer {
    const asked = { key, orderId: at.orderId, currency, minor };
    const standing = this.#stopOf(at.orderId);
    if (standing !== null) return this.#keepWaiting(at, standing, now);
    this.#window.moveTo(now);
    if (this.#window.holds(asked)) return { allowed: true };
    const total = this.#window.totalWith(asked);
    if (cap !== null && total > cap) {
      const [more, sum, limit] = [minor, total, cap].map((amount) => moneyText({ minor: amount, currency }));
      const reason = `${more} for order ${at.orderId} would make ${sum} within an hour; the policy's cap (payoutsPerHour) is ${limit}`;
      const stop: Stop = { orderId: null, by: 'cap', actor: 'policy', reason, at: now, tripped: asked };
      this.#stops = [...this.#stops, stop];
      return this.#keepWaiting(at, stop, now);
    }
    this.#window.add(asked, now);
    return { allowed: true };
  }

  stop({ commandId, actor, reason, orderId }: GateCommand, now: number): CommandAnswer {
    if (this.#isRepeated(commandId)) return REPEATED;
    const scope = (orderId ?? null) as OrderId | null;
    const standing = this.#stops.find((stop) => stop.orderId === scope);
    if (standing !== undefined)
      return { repeated: false, says: `It was stopped before. ${this.#text(standing)} It stays stopped until somebody says go.` };
    const stop: Stop = { orderId: scope, by: 'person', actor, reason, at: now, tripped: null };
    this.#stops = [...this.#stops, stop];
    return { repeated: false, says: `${this.#text(stop)} Money calls that had their grant already are still made. Events go on being taken in.` };
  }

  /** Ends the stop of just this scope, and wakes the orders that nothing stops any more. */
  go({ commandId, actor, reason, orderId }: GateCommand, now: number): CommandAnswer {
    if (this.#isRepeated(commandId)) return REPEATED;
    const scope = (orderId ?? null) as OrderId | null;
    const ended = this.#stops.find((stop) => stop.orderId === scope);
    this.#stops = this.#stops.filter((stop) => stop !== ended);
    if (ended?.by === 'cap') this.#window.restart(ended.tripped, now);
    const freed = this.#waiting.filter(({ at }) => this.#stopOf(at.orderId) === null);
    this.#waiting = this.#waiting.filter(({ at }) => this.#stopOf(at.orderId) !== null);
    if (freed.length > 0) this.#waking = [...this.#waking, { id: `money-go:${commandId}`, actor, reason, orders: freed.map(({ at }) => at) }];
    const unlisted = this.#unlisted;
    if (ended?.orderId === null) this.#unlisted = 0;
    return { repeated: false, says: this.#saysGo(ended, freed.length, unlisted - this.#unlisted) };
  }

  /** Takes up to `most` orders that have to be woken, of the oldest `go`. */
  takeWaking(most: number): Waking | null {
    const [first, ...rest] = this.#waking;
    if (first === undefined) return null;
    const left = first.orders.slice(most);
    this.#waking = left.length === 0 ? rest : [{ ...first, orders: left }, ...rest];
    return { ...first, orders: first.orders.slice(0, most) };
  }

  snapshot(now: number): GateState {
    return {
      ...this.#start,
      stops: this.#stops,
      window: this.#window.entries(now),
      waiting: this.#waiting,
      unlisted: this.#unlisted,
      waking: this.#waking,
      commands: this.#commands,
      flagged: this.stopped,
    };
  }

  #stopOf(orderId: OrderId): Stop | null {
    return this.#stops.find((stop) => stop.orderId === null) ?? this.#stops.find((stop) => stop.orderId === orderId) ?? null;
  }

  #keepWaiting(at: OrderRef, stop: Stop, now: number): GateAnswer {
    const listed = this.#waiting.some((waiting) => waiting.at.orderId === at.orderId && waiting.at.businessProductId === at.businessProductId);
    if (!listed && this.#waiting.length < WAITING_KEPT) this.#waiting = [...this.#waiting, { at, since: now }];
    else if (!listed) this.#unlisted += 1;
    return this.#refusal(stop);
  }

  #refusal(stop: Stop): GateAnswer {
    return { allowed: false, why: this.#text(stop), since: stop.at };
  }

  #isRepeated(commandId: string): boolean {
    if (this.#commands.includes(commandId)) return true;
    this.#commands = [...this.#commands, commandId].slice(-COMMANDS_KEPT);
    return false;
  }

  #saysGo(ended: Stop | undefined, woken: number, unlisted: number): string {
    const first = ended === undefined ? 'It was not stopped.' : `Payouts of ${gateName(this.#start, ended.orderId)} go on.`;
    const counted = ended?.by === 'cap' ? ' The hour is counted from now.' : '';
    const waiting = woken === 0 ? '' : ` ${woken} order(s) that waited are looked at again now.`;
    const later = unlisted === 0 ? '' : ` ${unlisted} refusal(s) found no room on the list; their orders are looked at again at their own pace.`;
    const still = this.#stops.length === 0 ? '' : ` Still stopped: ${this.#stops.map((stop) => gateName(this.#start, stop.orderId)).join(', ')}.`;
    return first + counted + waiting + later + still;
  }

  #text(stop: Stop): string {
    return stopText(this.#start, stop);
  }
}

const REPEATED: CommandAnswer = { repeated: true, says: 'This command was taken before; nothing was done again.' };
