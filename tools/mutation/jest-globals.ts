// What '@jest/globals' is outside Jest.
import { expect } from 'expect';
import { describe, it, test } from 'jest-circus';

export { describe, expect, it, test };
