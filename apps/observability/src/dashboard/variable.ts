/** A variable as Grafana fills it in when the dashboard is shown. */
export function variable(name: string): string {
  return `\${${name}}`;
}
