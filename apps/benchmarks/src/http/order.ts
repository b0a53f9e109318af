/** What is to be sent where. Keys are numbered from this one on. */
export interface Order {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly key: string;
  readonly calls: number;
  readonly atOnce: number;
}
