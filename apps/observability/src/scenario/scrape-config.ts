/**
 * Scrapes one program as two services. `scraped` has the names of the Prometheus exporter. In
 * `through-otlp` histograms have their unit in the name, as Prometheus gives it to what comes by OTLP.
 */
export function scrapeConfig(target: string): string {
  const program = {
    metrics_path: '/',
    static_configs: [{ targets: [target] }],
  };
  const renamed = (name: string, unit: string) => ({
    source_labels: ['__name__'],
    regex: `(${name})_(bucket|sum|count)`,
    target_label: '__name__',
    replacement: `\${1}_${unit}_\${2}`,
  });
  return JSON.stringify({
    global: { scrape_interval: '1s' },
    scrape_configs: [
      { job_name: 'scraped', ...program },
      {
        job_name: 'through-otlp',
        ...program,
        metric_relabel_configs: [
          renamed('idempotency_.*_duration', 'seconds'),
          renamed('idempotency_result_size', 'bytes'),
        ],
      },
    ],
  });
}
