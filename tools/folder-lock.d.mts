/**
 * Holds the lock folder at `path`, waiting while another live process of this machine holds it; a lock whose owner has died is taken over.
 * `onWait` is called once, when another process holds the lock. Resolves to a function that gives the lock back (safe to call twice).
 */
export function lockFolder(path: string, onWait?: (ownerPid: number) => void): Promise<() => Promise<void>>;
