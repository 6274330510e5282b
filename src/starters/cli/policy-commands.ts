import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Policies } from '../../config/policy-file.ts';
import { decide } from '../../domain/decide.ts';
import type { OrderFacts } from '../../domain/order-facts.ts';
import { DEFAULT_POLICY, type Policy } from '../../domain/policy.ts';
import type { CommandGroup } from './command-group.ts';
import { type Comparison, changes, comparisonAnswer, comparisonText, type Pair, pairsOf } from './policy/compare.ts';
import { differences } from './policy/settings.ts';
import { quoteAnswerOf } from './quote/answer.ts';
import type { QuoteAnswer } from './quote/answer-shape.ts';
import { readFacts, readPolicies } from './read-facts.ts';
import { table } from './table.ts';
import { BadInput, codeOf, ExitCode, pathFrom, sourceName, type Terminal } from './terminal.ts';

type Options = { readonly facts: string; readonly json?: true; readonly all?: true; readonly failOnChange?: true };

export function addPolicyCommands({ program, terminal, ended }: CommandGroup): void {
  const policy = program.command('policy').description('Checks a policy file before it is used.');
  policy
    .command('check')
    .description('Says whether a policy file is valid, and in what it differs from the default policy.')
    .argument('<file>', 'the policy (docs/policy.md); - reads standard input')
    .action(async (file: string) => terminal.out(checkText(sourceName(file), await readPolicies(terminal, file))));
  policy
    .command('compare')
    .description('Decides a folder of snapshots by two policies and shows which decisions and amounts would change.')
    .argument('<old>', 'the policy of today')
    .argument('<new>', 'the policy that may replace it')
    .requiredOption('--facts <dir>', 'a folder of snapshots, all of its *.json (docs/quote.md)')
    .option('--json', 'answer as JSON')
    .option('--all', 'show what stays as it is, too')
    .option('--fail-on-change', 'end with exit code 3 when anything would change')
    .action(async (before: string, after: string, options: Options) => ended(await compare(terminal, [before, after], options)));
}

function checkText(file: string, { common, products }: Policies): string {
  const own = [...products].sort(([a], [b]) => (a < b ? -1 : 1));
  const versions = [['version', common.version], ...own.map(([id, { version }]) => [`version for ${id}`, version])];
  const sections = [
    differencesText(differences(DEFAULT_POLICY, common), ['default', 'here']),
    ...own.map(([id, policy]) => `For ${id}:\n${differencesText(differences(common, policy), ['others', id])}`),
  ];
  return `${[`${file}: valid`, table(versions), ...sections].join('\n\n')}\n`;
}

const differencesText = (rows: readonly { setting: string; before: string; after: string }[], [left, right]: readonly [string, string]): string =>
  rows.length === 0 ? 'nothing differs' : table([['setting', left, right], ...rows.map(({ setting, before, after }) => [setting, before, after])]);

/** Snapshots that cannot be read are named on `terminal.err`; the others are compared all the same. */
async function compare(terminal: Terminal, [before, after]: readonly [string, string], options: Options): Promise<ExitCode> {
  const [old, next] = [await readPolicies(terminal, before), await readPolicies(terminal, after)];
  const files = snapshotsIn(terminal, options.facts);
  const pairs: Pair[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      const facts = await readFacts(terminal, join(options.facts, file));
      const { businessProductId: product } = facts.at;
      pairs.push(...pairsOf(file, quote(facts, old.policyOf(product)), quote(facts, next.policyOf(product))));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      problems.push(...error.problems);
    }
  }
  const comparison: Comparison = { policies: { before: old.common.version, after: next.common.version }, snapshots: files.length, pairs, problems };
  const json = (): string => `${JSON.stringify(comparisonAnswer(comparison), null, 2)}\n`;
  terminal.out(options.json === true ? json() : comparisonText(comparison, { all: options.all ?? false }));
  if (problems.length > 0) terminal.err(`${problems.join('\n')}\n`);
  if (problems.length > 0) return ExitCode.badInput;
  return options.failOnChange === true && changes(comparison).length > 0 ? ExitCode.changed : ExitCode.fine;
}

function quote(facts: OrderFacts, policy: Policy): QuoteAnswer {
  return quoteAnswerOf({ facts, policy, decisions: decide(facts, policy) });
}

function snapshotsIn(terminal: Terminal, folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(pathFrom(terminal, folder));
  } catch (error) {
    throw new BadInput([`${folder}: expected a folder of snapshots, found ${codeOf(error)}`]);
  }
  const snapshots = names.filter((name) => name.endsWith('.json')).sort((a, b) => (a < b ? -1 : 1));
  if (snapshots.length === 0) throw new BadInput([`${folder}: expected at least one snapshot (*.json), found none`]);
  return snapshots;
}
