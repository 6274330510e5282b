import { explain } from '../../../domain/explain.ts';
import type { ReturnPicture } from '../../../domain/order.ts';
import type { ExternalReturnDecision, ReturnDecision } from '../../../domain/return-decision.ts';
import type { ExternalReturnAnswer, ReturnAnswer } from './answer-shape.ts';
import { reasonsOf } from './reasons.ts';

export const returnAnswerOf = (decision: ReturnDecision): ReturnAnswer => ({
  returnId: decision.returnId,
  kind: decision.kind,
  explanation: explain(decision),
  reason: decision.kind === 'manual' ? decision.reason : null,
  stage: decision.kind === 'settled' ? null : decision.stage,
  outcome: decision.kind === 'settled' ? decision.outcome : null,
  until: decision.kind === 'follow' ? decision.until : null,
  tell: decision.tell === null ? null : { version: decision.tell.version, picture: pictureAnswer(decision.tell.picture) },
  because: reasonsOf(decision),
});

/** As `order.returns` of a snapshot writes it. */
const pictureAnswer = ({ packages, lines, ...picture }: ReturnPicture): NonNullable<ReturnAnswer['tell']>['picture'] => ({
  ...picture,
  packages: [...packages],
  lines: lines.map((line) => ({ ...line, graded: [...line.graded] })),
});

export const externalReturnAnswerOf = (decision: ExternalReturnDecision): ExternalReturnAnswer => ({
  externalReturnId: decision.externalReturnId,
  kind: decision.kind,
  explanation: explain(decision),
  ...NOTHING_TO_SAY,
  ...said(decision),
  because: reasonsOf(decision),
});

const NOTHING_TO_SAY = { reason: null, returnId: null, state: null, aliases: null, lines: [], isFinal: null } satisfies Partial<ExternalReturnAnswer>;

function said(decision: ExternalReturnDecision): Partial<ExternalReturnAnswer> {
  switch (decision.kind) {
    case 'add':
      return { state: decision.state, aliases: [...decision.aliases], lines: [...decision.lines] };
    case 'update':
      return { returnId: decision.returnId, state: decision.state, aliases: decision.aliases && [...decision.aliases] };
    case 'linked':
      return { returnId: decision.returnId };
    case 'manual':
      return { reason: decision.reason };
    case 'settled':
      return { isFinal: decision.isFinal };
  }
}
