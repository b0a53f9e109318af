// Builds what a program of the workspace is made of: node build-for.ts <package>. Speaks only if that fails.
import { spawnSync } from 'node:child_process';
import { root } from './workspace.ts';

const [program] = process.argv.slice(2);
if (program === undefined) throw new Error('name the package of the program');
const args = ['run', 'build', `--filter=${program}`, '--output-logs=errors-only', '--no-color'];
const { status, stdout, stderr } = spawnSync('turbo', args, { cwd: root, encoding: 'utf8' });
if (status !== 0) {
  process.stderr.write(`${stdout}${stderr}`);
  process.exitCode = status ?? 1;
}
