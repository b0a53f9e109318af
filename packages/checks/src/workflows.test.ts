import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from './workspace.ts';

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Schedule {
  readonly on: {
    readonly push: { readonly paths: readonly string[] };
    readonly pull_request: { readonly paths: readonly string[] };
    readonly schedule: readonly { readonly cron: string }[];
  };
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly 'runs-on': string;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

const files = globSync('.github/workflows/*.yml', { cwd: root });

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const { permissions, jobs }: Workflow = parse(text);

  test('takes actions by the checksum of a commit, with the version beside it', () => {
    const used = [...text.matchAll(/uses: (.*)$/gm)].map(([, action]) => action ?? '');
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d/.test(action))).toEqual([]);
  });

  test('gives each job the rights that it needs, and nothing to all of them', () => {
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) expect(job.permissions).toBeDefined();
  });

  test('ends by itself', () => {
    for (const job of Object.values(jobs)) {
      expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
      expect(job['runs-on']).toBe('ubuntu-24.04');
    }
  });

  test('has no secret, and puts nothing that others choose into a command', () => {
    expect(text).not.toContain('secrets.');
    const commands = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? ''));
    expect(commands.filter((command) => command.includes('${{'))).toEqual([]);
  });
});

test('one job may write to the repository, and another one may publish', () => {
  const jobs = files.flatMap((file) => {
    const workflow: Workflow = parse(readFileSync(join(root, file), 'utf8'));
    return Object.entries(workflow.jobs);
  });
  const allowed = (right: string) =>
    jobs.flatMap(([name, job]) => (job.permissions?.[right] === 'write' ? [name] : [])).sort();
  expect(allowed('contents')).toEqual(['versions']);
  expect(allowed('id-token')).toEqual(['publish', 'publish']);
});

test('vulnerabilities of what users install are looked for with each change of the lockfile, and every day', () => {
  const { on, jobs }: Workflow & Schedule = parse(
    readFileSync(join(root, '.github/workflows/audit.yml'), 'utf8'),
  );
  for (const event of [on.push, on.pull_request]) expect(event.paths).toContain('pnpm-lock.yaml');
  expect(on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
  const commands = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? ''));
  expect(commands).toContainEqual(expect.stringMatching(/ audit --prod$/));
});
