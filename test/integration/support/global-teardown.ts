import { stopRunning } from './shared-server.ts';

export default async function stopSharedServer(): Promise<void> {
  await stopRunning();
}
