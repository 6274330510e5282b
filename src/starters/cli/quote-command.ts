import { decide } from '../../domain/decide.ts';
import type { CommandGroup } from './command-group.ts';
import { quoteAnswerOf } from './quote/answer.ts';
import { quoteText } from './quote/text.ts';
import { readFacts, readPolicies } from './read-facts.ts';
import type { Terminal } from './terminal.ts';

type Options = { readonly facts: string; readonly policy?: string; readonly json?: true };

export function addQuoteCommand({ program, terminal }: CommandGroup): void {
  program
    .command('quote')
    .description('Decides what is due on an order as a snapshot of facts shows it. Pays nothing, calls nobody.')
    .requiredOption('--facts <file>', 'the snapshot (docs/quote.md); - reads standard input')
    .option('--policy <file>', 'the policy to decide by; without it, the default policy')
    .option('--json', 'answer as JSON (docs/quote.schema.json)')
    .action((options: Options) => quote(terminal, options));
}

async function quote(terminal: Terminal, options: Options): Promise<void> {
  const policies = await readPolicies(terminal, options.policy);
  const facts = await readFacts(terminal, options.facts);
  const policy = policies.policyOf(facts.at.businessProductId);
  const decided = { facts, policy, decisions: decide(facts, policy) };
  const answer = quoteAnswerOf(decided);
  terminal.out(options.json === true ? `${JSON.stringify(answer, null, 2)}\n` : quoteText(decided, answer));
}
