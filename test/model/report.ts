import type { Exploration, Finding } from './explore.ts';

const count = (n: number): string => n.toLocaleString('en');

/** One line on one exploration. */
export function summary({ scenario, states, transitions, depth, complete, quiet, decisions, residue }: Exploration): string {
  const amazon = residue === 0 ? '' : `, ${count(residue)} payments that Amazon overtook`;
  const bound = complete ? '' : ' (bound)';
  return `${scenario}: ${count(states)} states${bound}, ${count(transitions)} transitions, depth ${depth}, ${count(quiet)} quiet, ${count(decisions)} decisions${amazon}`;
}

/** A rule that did not hold, the shortest way there, and what would be decided then. */
export const findingText = ({ check, message, trace, decided }: Finding): string =>
  [`  ${check}: ${message}`, ...trace.map((step, index) => `    ${index + 1}. ${step}`), ...decided.map((text) => `    => ${text}`), ''].join('\n');

/** What all explorations come to. */
export class Totals {
  #explorations = 0;
  #complete = 0;
  #states = 0;
  #transitions = 0;
  #decisions = 0;

  add({ complete, states, transitions, decisions }: Exploration): void {
    this.#explorations += 1;
    this.#complete += complete ? 1 : 0;
    this.#states += states;
    this.#transitions += transitions;
    this.#decisions += decisions;
  }

  get text(): string {
    return (
      `small scope: ${this.#explorations} scenarios (${this.#complete} to the end), ${count(this.#states)} states, ` +
      `${count(this.#transitions)} transitions, ${count(this.#decisions)} snapshots decided`
    );
  }
}
