import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryPoints } from './entry-points.ts';
import { pages, root } from './page-list.ts';

export interface Section {
  readonly title: string;
  readonly pages: readonly Entry[];
}

interface Entry {
  readonly title: string;
  /** Path on the site, for example `packages/core.md`. */
  readonly path: string;
}

const sections: readonly Section[] = [
  section('Begin', {
    'index.md': 'Twiceproof',
    'why.md': 'Why a layer of its own',
    'five-minutes.md': 'Five minutes',
    'when-not.md': 'When not to use it',
    'comparisons.md': 'Comparisons',
  }),
  section('Decide', {
    'keys.md': 'Choosing keys',
    'functions.md': 'Designing functions',
    'stores.md': 'Choosing stores',
    'retention.md': 'Retention',
    'recovering-workflows.md': 'Failed workflows',
    'unknown-outcomes.md': 'Unknown outcomes',
    'running-twice.md': 'When can it run twice?',
    'results.md': 'What a result may be',
    'testing-handlers.md': 'Testing your handlers',
    'where-it-runs.md': 'Where it runs',
  }),
  section('Use it with', {
    'http.md': 'Idempotency-Key',
    'with/express.md': 'Express',
    'with/fastify.md': 'Fastify',
    'with/hono.md': 'Hono',
    'with/nextjs.md': 'Next.js, fetch handlers',
    'with/node.md': 'node:http',
    'with/nestjs.md': 'NestJS',
    'with/webhooks.md': 'Webhooks',
    'with/sqs.md': 'SQS',
    'with/bullmq.md': 'BullMQ',
    'with/rabbitmq.md': 'RabbitMQ',
    'with/nats.md': 'NATS JetStream',
    'with/kafka.md': 'Kafka',
    'with/lambda.md': 'AWS Lambda',
    'with/agents.md': 'Agents, MCP',
  }),
  section('Operate', {
    'platform-teams.md': 'For platform teams',
    'operating.md': 'Operating, runbook',
    'console.md': 'The console',
    'observing.md': 'Telemetry',
    'errors.md': 'Errors',
    'glossary.md': 'Glossary',
    'stability.md': 'Stability',
  }),
  section('Look inside', {
    'architecture.md': 'Architecture',
    'speed.md': 'Speed',
    'proof.md': 'How it is shown to hold',
    'chaos.md': 'Under every fault',
    'record-id.md': 'The record id',
    'adding-a-store.md': 'Adding a store',
    'adding-an-adapter.md': 'Adding an adapter',
    'contributing.md': 'Contributing',
    'security.md': 'Security',
  }),
];

const listed = new Set(sections.flatMap((each) => each.pages.map(({ path }) => path)));
const others = pages.filter(({ path }) => !listed.has(path));

/** What stands in the sidebar, in its order. A page that no section names comes last, under its heading. */
export const navigation: readonly Section[] = [
  ...sections,
  {
    title: 'Packages',
    pages: others
      .filter(({ path }) => path.startsWith('packages/'))
      .map(({ path }) => ({ title: path.slice('packages/'.length, -'.md'.length), path })),
  },
  {
    title: 'Reference',
    pages: entryPoints.map(({ name, page }) => ({
      title: name.replace('@twiceproof/', ''),
      path: page,
    })),
  },
  {
    title: 'More',
    pages: others
      .filter(({ path }) => !path.startsWith('packages/'))
      .map(({ path, source }) => ({ title: headingOf(source), path })),
  },
].filter((each) => each.pages.length > 0);

function headingOf(source: string): string {
  return /^# (.+)$/m.exec(readFileSync(join(root, source), 'utf8'))?.[1] ?? source;
}

function section(title: string, pages: Readonly<Record<string, string>>): Section {
  return {
    title,
    pages: Object.entries(pages).map(([path, title]) => ({ path, title })),
  };
}
