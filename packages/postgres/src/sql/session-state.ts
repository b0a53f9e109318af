/** What a session does, as the server sees it. In: its process. */
export const sessionState = 'SELECT state FROM pg_stat_activity WHERE pid = $1';
