/** What Grafana puts into the queries of the dashboard. */
export interface Choices {
  readonly service: string;
  readonly rateInterval: string;
  readonly range: string;
}

/** A query as Grafana would send it, for all operations. */
export function filledIn(expr: string, { service, rateInterval, range }: Choices): string {
  return expr
    .replaceAll('$service', service)
    .replaceAll('$operation', '.*')
    .replaceAll('$__rate_interval', rateInterval)
    .replaceAll('$__range', range);
}
