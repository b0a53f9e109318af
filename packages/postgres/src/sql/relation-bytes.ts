/** How large a table is, without its indexes. In: its name. Out: null where there is none. */
export const relationBytes = 'SELECT pg_relation_size(to_regclass($1))::text AS bytes';
