import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserServer, chromium } from 'playwright-core';

// First the one without windows: a page takes less than half of the processor time there.
const shell = 'chromium-headless-shell';
const names = [shell, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const cure = `Install it (on Debian: apt-get install ${shell}), or set CHROMIUM to the path of its program.`;

// A browser that talks to nobody but the page, and runs in a container.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What a name server of an attacker would answer.
  '--host-resolver-rules=MAP evil.test 127.0.0.1',
];

/** The path of Chromium on this machine; undefined if it has none. */
function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM !== undefined) {
    if (existsSync(CHROMIUM)) return CHROMIUM;
    throw new Error(`CHROMIUM is ${CHROMIUM}, which is not there; correct it, or unset it`);
  }
  const paths = names.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}

/** Installs Debian's Chromium where there is none; says how to get it where that cannot be done. */
function haveChromium(): string {
  const found = findChromium();
  if (found !== undefined) return found;
  const install = () => run('apt-get', ['install', '-y', '-q', '--no-install-recommends', shell]);
  try {
    try {
      install();
    } catch {
      // A fresh machine has no package lists, and an older one asks for versions that are gone.
      run('apt-get', ['update', '-q']);
      install();
    }
  } catch (cause) {
    throw new Error(`Chromium is not on this machine and could not be installed. ${cure}`, {
      cause,
    });
  }
  const installed = findChromium();
  if (installed === undefined) throw new Error(`Chromium is not on this machine. ${cure}`);
  return installed;
}

function run(program: string, args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: haveChromium(), args: flags });
}

/** A browser for several processes. */
export function serveChromium(): Promise<BrowserServer> {
  return chromium.launchServer({ executablePath: haveChromium(), args: flags, host: '127.0.0.1' });
}
