/** A query as Grafana would send it. */
export function filledIn(expr: string, service: string): string {
  return expr
    .replaceAll('$service', service)
    .replaceAll('$operation', '.*')
    .replaceAll('$__rate_interval', '6s')
    .replaceAll('$__range', '1m');
}
