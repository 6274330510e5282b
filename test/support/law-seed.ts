// Jest's set-up of the unit tests: an fc.assert or fc.sample without parameters is seeded as well.
import fc from 'fast-check';
import { RUNS } from './laws.ts';

fc.configureGlobal(RUNS);
