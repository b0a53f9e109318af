/** Columns of a record as they are answered, without its outcome bytes. `t` is the record's alias. */
export function recordColumns(t: string): string {
  return `
    ${t}.id, ${t}.environment, ${t}.operation, ${t}.run, ${t}.scope, ${t}.status, ${t}.token,
    ${t}.fence, ${t}.attempt, ${t}.fingerprint, ${t}.created_at, ${t}.started_at, ${t}.lease_until,
    ${t}.completed_at, ${t}.expires_at, ${t}.copy_until, ${t}.key_preview, ${t}.input_preview,
    octet_length(${t}.outcome) AS outcome_bytes, ${t}.error_name, ${t}.error_message,
    ${t}.traceparent, ${t}.format_version, ${t}.workflow, ${t}.input_digest, ${t}.settled_by,
    ${t}.settled_reason`;
}
