/** What of a session the store depends on. */
export const session = `
SELECT current_setting('transaction_isolation') AS isolation,
  current_setting('server_version_num') AS server_version`;
