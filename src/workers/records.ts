import { accessSync, constants, mkdirSync } from 'node:fs';
import type { Logger } from 'pino';
import type { RecordParts } from '../activities/publish.ts';
import { createFileJournal } from '../clients/journal/file-journal.ts';
import { createHttpJournal } from '../clients/journal/http-journal.ts';
import type { Journal } from '../clients/journal/journal.ts';
import { createSignedPost } from '../clients/notices/signed-post.ts';
import type { RecordsConfig } from '../config/records-config.ts';

/**
 * The journal and the receiver of notices, as configured.
 * @throws the system's error when nothing can be written to the journal's folder: better at a start than at the first refund.
 */
export const createRecords = ({ journal, notices }: RecordsConfig, logger: Logger): RecordParts => ({
  journal: journalOf(journal, logger),
  notices: notices === null ? null : createSignedPost(notices),
});

function journalOf(config: RecordsConfig['journal'], logger: Logger): Journal {
  switch (config.kind) {
    case 'file':
      mkdirSync(config.folder, { recursive: true });
      accessSync(config.folder, constants.W_OK);
      return createFileJournal(config.folder);
    case 'http':
      return createHttpJournal(config);
    case 'log':
      return logJournal(logger);
  }
}

/** Lines of the log that `journal` marks, whatever the log's own level is. */
function logJournal(logger: Logger): Journal {
  const log = logger.child({}, { level: 'info' });
  return async (lines) => {
    for (const { json } of lines) log.info({ journal: JSON.parse(json) }, 'journal');
  };
}
