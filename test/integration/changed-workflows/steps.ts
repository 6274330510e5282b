/** The activities of the workflow that changes. */
export type Steps = { look(): Promise<string>; ask(): Promise<string>; pay(): Promise<string> };
