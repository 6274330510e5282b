import { DefaultLogger, Runtime } from '@temporalio/worker';

// Before each test file that runs a worker: only warnings and errors of the SDK reach the output.
Runtime.install({ logger: new DefaultLogger('WARN') });
