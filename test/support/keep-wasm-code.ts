import { setFlagsFromString } from 'node:v8';

// V8 of Node 24 can free the same wrapper of a WebAssembly import twice, and ends the process by it: here many databases (PGlite) come and go
// in one process (docs/decisions/0009-wasm-code-is-kept.md).
setFlagsFromString('--no-wasm-code-gc');
