import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

// Before each test file that runs a worker: the SDK warns of every activity attempt that fails, and these tests make thousands fail on purpose.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});
