/**
 * Where results go that are too large for the store, e.g. a bucket. They are fetched on replay only,
 * and deleted with their record when an operator deletes or releases it; retire them otherwise by
 * age, later than the records.
 */
export interface Offload {
  /** Keeps `bytes` under `key`, which is safe as a path: `environment/operation/run/digest/fence`. Of a name that is
   * none of a folder's, such as `..`, it has another form. May answer another name, a string, by which `get` and `delete`
   * find them. */
  put(key: string, bytes: Uint8Array): Promise<unknown>;
  /** The bytes, or undefined if they are gone. */
  get(ref: string): Promise<Uint8Array | undefined>;
  delete(ref: string): Promise<void>;
}
