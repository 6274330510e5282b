/** What every command of a person carries. `commandId` is chosen by the sender: the same one sent twice counts once. */
export type Command = { readonly commandId: string; readonly actor: string; readonly reason: string };

/** Pay what the decision shows, or another amount. */
export type ApproveCommand = Command & {
  /** The short name of the decision that was looked at, as the saga shows it: an approval binds to it. */
  readonly decision: string;
  /** Decimal text in the order's currency, such as "12.50", in place of what was shown; left out: what was shown. */
  readonly amount?: string;
};

/** Pay nothing: BwP is answered with this status reason. */
export type DenyCommand = Command & { readonly statusReason: string };

/** What a person found out; `reason` is the evidence. */
export type ResolveCommand = Command & {
  readonly outcome: 'paid' | 'not_paid' | 'paid_elsewhere' | 'accepted';
  /** Which entry it is about; left out: the saga's own. */
  readonly key?: string;
};

/** Also `retry`, `withdraw`, `cancel` and `lookAgain`, which need nothing more. */
export type CommandName = 'approve' | 'deny' | 'resolve' | 'retry' | 'withdraw' | 'cancel' | 'lookAgain';

/** What the one who sent a command is told. */
export type CommandAnswer = {
  /** The same command had been taken before: nothing was done again. */
  readonly repeated: boolean;
  /** For a person: what happens now. */
  readonly says: string;
};
