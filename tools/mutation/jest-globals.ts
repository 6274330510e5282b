// What '@jest/globals' is outside Jest: no hooks, since domain-tests.ts runs none.
import { expect } from 'expect';
import { describe, it, test } from 'jest-circus';

export { describe, expect, it, test };
