import { text } from 'node:stream/consumers';
import { saga } from './saga.ts';

// A reader that has seen enough, such as `head`, closes the pipe: no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// npm runs scripts in the package's folder; paths on the command line are meant from where the person stands.
// biome-ignore lint/style/noProcessEnv: not configuration, but where npm was started.
const { npm_lifecycle_event: script, INIT_CWD: startedIn } = process.env;

process.exitCode = await saga(process.argv.slice(2), {
  input: () => text(process.stdin),
  out: (answer) => process.stdout.write(answer),
  err: (problem) => process.stderr.write(problem),
  folder: script === 'saga' && startedIn !== undefined ? startedIn : process.cwd(),
});
