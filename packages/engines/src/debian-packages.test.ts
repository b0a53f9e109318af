import { afterEach, expect, test, vi } from 'vitest';
import { debianPackages } from './debian-packages.ts';

afterEach(() => vi.unstubAllEnvs());

test('where packages cannot be fetched, the error says how to get the engine', async () => {
  vi.stubEnv('PATH', '/nowhere');
  await expect(debianPackages('engine-9', ['engine'], 'Set ENGINE_URL.')).rejects.toThrow(
    'engine-9 is not on this machine and could not be fetched. Set ENGINE_URL.',
  );
});
