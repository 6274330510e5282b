import { log } from '@temporalio/workflow';
import type { SideRecord } from '../contracts/order-state.ts';
import type { SideDecision, SideInstruction, SideRef, SideReport } from '../contracts/side-sagas.ts';
import type { OrderRef } from '../domain/ids.ts';
import { aliasIdOf, isContested } from '../domain/live-entry.ts';
import type { Ledger } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import type { OrderDecisions } from '../domain/refund-decision.ts';
import { isExternalReturnDue, isReturnDue } from '../domain/return-decision.ts';
import { sendToSide, startSide } from './saga-channel.ts';

/** The sagas of an order that move no money: started when something is due, told whatever is new, forgotten when they end. */
export class SideSagas {
  readonly #at: OrderRef;
  readonly #sagas: Map<string, SideRecord>;
  readonly #onLost: () => void;
  /** What sagas that this run told are at, and what they had done when they ended, by name. */
  readonly #doing = new Map<string, string>();
  readonly #done = new Map<string, string>();
  #isPaced = false;
  /** Taken over from a former run, which would have heard if they were lost: whether they still run is asked once. */
  readonly #unheard: Set<string>;

  constructor(at: OrderRef, kept: Readonly<Record<string, SideRecord>>, onLost: () => void) {
    this.#at = at;
    this.#sagas = new Map(Object.entries(kept));
    this.#unheard = new Set(this.#sagas.keys());
    this.#onLost = onLost;
  }

  /** Ids of the external refunds whose sagas run. */
  get externalRefunds(): readonly string[] {
    const prefix = nameOf({ saga: 'externalRefund', id: '' });
    return [...this.#sagas.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  }

  /** None is running that has not ended. */
  get isQuiet(): boolean {
    return this.#sagas.size === 0;
  }

  /** Of some nobody would hear that they were lost: they are asked by the next unasked look. */
  get areUnheard(): boolean {
    return this.#unheard.size > 0;
  }

  /** A saga has done its part and the look does not show it yet: it is started again at the pace of unasked looks only. */
  get isPaced(): boolean {
    return this.#isPaced;
  }

  /**
   * Hands out what is new to each; `insisted`: a person wants all of them to hear; `timedOut`: the clock asked for this look. Answers whether
   * anything was handed out.
   */
  async handOut(
    wanted: readonly (SideDecision & SideRef)[],
    { run, policy, insisted, timedOut }: { run: number; policy: Policy; insisted: boolean; timedOut: boolean },
  ): Promise<boolean> {
    let acted = false;
    this.#isPaced = false;
    for (const { id, ...decided } of wanted) {
      const ref: SideRef = { saga: decided.saga, id };
      const name = nameOf(ref);
      const known = this.#sagas.get(name);
      const news = fingerprint(decided);
      if (known === undefined ? !isSideDue(decided) && !insisted : known.instructed === news && !insisted && !(timedOut && this.#unheard.has(name)))
        continue;
      if (known === undefined && isSideDue(decided) && this.#done.get(name) === deedOf(decided)) {
        this.#isPaced = true;
        if (!timedOut && !insisted) continue; // not for an event either, which may be the echo of what the saga did
      }
      const instruction: SideInstruction = { run, wanted: decided as SideDecision, policy };
      const told: SideRecord = { instructed: news, state: known?.state ?? null };
      this.#doing.set(name, deedOf(decided));
      if ((known !== undefined || insisted) && (await sendToSide(this.#at, ref, instruction))) this.#sagas.set(name, told);
      else if (!isSideDue(decided)) {
        this.#sagas.delete(name);
        continue;
      } else {
        // Recorded first: it may have ended, and said so, before its start is confirmed.
        this.#sagas.set(name, told);
        if (!(await startSide(this.#at, ref, instruction, () => this.#lost(name)))) await sendToSide(this.#at, ref, instruction);
      }
      acted = true;
    }
    if (timedOut) this.#unheard.clear();
    return acted;
  }

  hear({ saga, id, state, final }: SideReport): void {
    const name = nameOf({ saga, id });
    this.#unheard.delete(name);
    const had = this.#sagas.get(name)?.instructed ?? null;
    const deed = this.#doing.get(name);
    if (final && deed !== undefined) this.#done.set(name, deed);
    if (final) this.#sagas.delete(name);
    else this.#sagas.set(name, { instructed: had, state });
  }

  kept(): Readonly<Record<string, SideRecord>> {
    return Object.fromEntries(this.#sagas);
  }

  /** It was terminated or cancelled, and cannot report any more: the next look starts it again where something is due. */
  #lost(name: string): void {
    log.warn('a saga ended before it was finished', { saga: name });
    this.#sagas.delete(name);
    this.#done.delete(name);
    this.#onLost();
  }
}

/**
 * What is decided on an order beside its refunds, one decision for each saga. Disputes that are only open need none; the sagas of external
 * refunds that run (`running`, by id) are told when nothing is decided about theirs any more.
 */
export function sideDecisions(
  { entries, returns, externalReturns }: OrderDecisions,
  ledger: Ledger | null,
  running: readonly string[],
): readonly (SideDecision & SideRef)[] {
  const byId = new Map<string, OfEntry>();
  for (const decision of entries) {
    const entry = ledger?.entries.find(({ key }) => key === decision.key);
    if (entry === undefined || (entry.source !== 'EXTERNAL' && decision.kind === 'hold')) continue;
    const id = entry.source === 'EXTERNAL' ? aliasIdOf(entry) : entry.key;
    const own: OfEntry = { saga: 'externalRefund', id, decision, isFinal: !isContested(entry) };
    const other = byId.get(id);
    // The OMS may have tried again under one external id: what is due on any of its entries goes before what is not.
    if (other === undefined || urgencyOf(own) > urgencyOf(other)) byId.set(id, own);
  }
  if (ledger !== null) for (const id of running) if (!byId.has(id)) byId.set(id, nothingLeft(id));
  return [
    ...byId.values(),
    ...returns.map((decision): SideDecision & SideRef => ({ saga: 'return', id: decision.returnId, decision })),
    ...externalReturns.map((decision): SideDecision & SideRef => ({ saga: 'externalReturn', id: decision.externalReturnId, decision })),
  ];
}

type OfEntry = Extract<SideDecision, { readonly saga: 'externalRefund' }> & { readonly id: string };

const URGENCY: Readonly<Record<OfEntry['decision']['kind'], number>> = { mirror: 3, update_mirror: 3, manual: 2, hold: 1, settled: 0 };
const urgencyOf = ({ decision, isFinal }: OfEntry): number => URGENCY[decision.kind] + (isFinal ? 0 : 0.5);

const nothingLeft = (id: string): OfEntry => ({
  saga: 'externalRefund',
  id,
  isFinal: true,
  decision: { kind: 'settled', key: id, because: [{ rule: 'C8', text: 'Nothing is left to be decided about it.', facts: { key: id } }] },
});

/** Whether a saga has to run for it. */
function isSideDue({ saga, decision }: SideDecision): boolean {
  switch (saga) {
    case 'externalRefund':
      return decision.kind !== 'settled';
    case 'return':
      return isReturnDue(decision);
    case 'externalReturn':
      return isExternalReturnDue(decision);
  }
}

const nameOf = ({ saga, id }: SideRef): string => `${saga} ${id}`;

/** Tells two decisions apart without their explanation, which only a person who is asked has to hear of. */
function fingerprint(wanted: SideDecision): string {
  const { because, ...rest } = wanted.decision;
  const asked = rest.kind === 'manual' ? because.map(({ text }) => text) : undefined;
  return JSON.stringify({ ...rest, asked, ...('isFinal' in wanted && { isFinal: wanted.isFinal }) });
}

/** What a saga that acts on it will have done, whatever version it has to give it: an OMS may keep another picture than it was told. */
export const deedOf = (wanted: SideDecision): string =>
  fingerprint(
    wanted.saga === 'return' && wanted.decision.tell !== null
      ? { ...wanted, decision: { ...wanted.decision, tell: { ...wanted.decision.tell, version: 0 } } }
      : wanted,
  );
