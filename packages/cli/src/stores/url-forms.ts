/** URLs of stores that can be opened, for those who have to give one. */
export const urlForms =
  'postgres://user@host/database, mysql://user@host/database, redis://host:6379, rediss://host:6379, dynamodb://region/table or sqlite:path';
