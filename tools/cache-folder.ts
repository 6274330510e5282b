import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for what we download or build for this user (`…/bwp-saga`); `env` says where the user keeps caches. It may not exist yet. */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return join(userCache(env, platform), 'bwp-saga');
}

function userCache(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = env['HOME'] || homedir();
  if (env['XDG_CACHE_HOME']) return env['XDG_CACHE_HOME'];
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  if (platform === 'win32') return env['LOCALAPPDATA'] || join(home, 'AppData', 'Local');
  return join(home, '.cache');
}
